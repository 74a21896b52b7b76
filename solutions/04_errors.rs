//! Chapter 04, errors: the reference solution.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{
    StreamExt as _,
    future::{join_all, try_join_all},
    stream::FuturesUnordered,
};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

/// To `join_all`, an error is an output like any other, so it doesn't stop there. Each future labels its own error,
/// so the labels can't get out of step with the errors.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    join_all(paths.iter().map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    }))
    .await
}

/// `try_join_all` stops at an error, and drops every call that is still in flight.
///
/// It has a limit: with more than 30 futures, it looks at the results in the order of the futures, so the error waits
/// for the calls before it (rust-lang/futures-rs, issue 2866). If that matters, take the results as they arrive, as
/// `first_ok` does.
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    try_join_all(paths.iter().map(|path| upstream.get(path))).await
}

/// `FuturesUnordered` yields the results as they arrive. A page ends the loop, and the errors are kept, each with its
/// place among the paths. Returning drops the set, and with it every call that is still in flight.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let calls = paths.iter().enumerate();
    let mut calls: FuturesUnordered<_> = calls
        .map(|(index, path)| async move { (index, upstream.get(path).await) })
        .collect();
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

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_errors::grade!();
