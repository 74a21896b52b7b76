//! Also right: streams, each with room for every call: `buffered` if the order counts, `buffer_unordered` if the time
//! does.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, TryStreamExt as _, stream};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// `buffered` puts the results back in order by itself. With room for nothing it would poll nothing: hence at
/// least one.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    stream::iter(paths)
        .map(|path| async move {
            let path = (*path).to_owned();
            let result = upstream.get(&path).await;
            result.map_err(|error| Failed { path, error })
        })
        .buffered(paths.len().max(1))
        .collect()
        .await
}

/// `try_collect` ends at the first error that the stream yields, which is the first in time, since the stream
/// is unordered.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut pages: Vec<_> = stream::iter(paths.iter().enumerate())
        .map(|(index, path)| async move { Ok((index, upstream.get(path).await?)) })
        .buffer_unordered(paths.len().max(1))
        .try_collect()
        .await?;
    pages.sort_unstable_by_key(|&(index, _)| index);
    Ok(pages.into_iter().map(|(_, page)| page).collect())
}

/// `Ok` and `Err` change places, so that `try_collect` stops at a page and collects the errors.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls = stream::iter(paths.iter().enumerate())
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .buffer_unordered(paths.len().max(1))
        .map(|(index, result)| match result {
            Ok(page) => Err(page),
            Err(error) => Ok((index, error)),
        });
    let mut errors = Vec::new();
    loop {
        match calls.try_next().await {
            Err(page) => return Ok(page),
            Ok(Some(error)) => errors.push(error),
            Ok(None) => break,
        }
    }
    errors.sort_unstable_by_key(|&(index, _)| index);
    Err(errors.into_iter().map(|(_, error)| error).collect())
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
