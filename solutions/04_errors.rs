//! Chapter 04, errors: the reference solution.

use async_workbook::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, future::join_all, stream::FuturesUnordered};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// To `join_all`, an error is an output like any other: it ends nothing. Each future labels its own error, so that
/// no order can go wrong between the two.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    join_all(paths.iter().map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    }))
    .await
}

/// `FuturesUnordered` yields the results as they come, and `?` leaves at the first error. On the way out the set is
/// dropped, and with it every call that is under way.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut calls = numbered(upstream, paths);
    let mut pages = Vec::with_capacity(paths.len());
    while let Some((index, result)) = calls.next().await {
        pages.push((index, result?));
    }
    pages.sort_unstable_by_key(|&(index, _)| index);
    Ok(pages.into_iter().map(|(_, page)| page).collect())
}

/// The same loop, with the two cases exchanged: a page leaves it, and the errors are kept.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls = numbered(upstream, paths);
    let mut errors = Vec::with_capacity(paths.len());
    while let Some((index, result)) = calls.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    errors.sort_unstable_by_key(|&(index, _)| index);
    Err(errors.into_iter().map(|(_, error)| error).collect())
}

/// All calls, each with its place among the paths, since the results come in the order in which the calls end.
fn numbered(
    upstream: &Upstream,
    paths: &[&str],
) -> FuturesUnordered<impl Future<Output = (usize, Result<Page, UpstreamError>)>> {
    let calls = paths.iter().enumerate();
    calls
        .map(|(index, path)| {
            let call = upstream.get(path);
            async move { (index, call.await) }
        })
        .collect()
}

#[cfg(test)]
#[path = "../exercises/hidden/04_errors.rs"]
mod hidden;
