//! Also right: labels from a `zip` with the paths, which `join_all` keeps in order; `try_join_all`; and slots that keep
//! the errors in order.

use async_workbook::upstream::{Page, Upstream, UpstreamError};
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

/// `join_all` gives the results in the order of its futures, whichever ends first.
pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    std::iter::zip(paths, results)
        .map(|(&path, result)| {
            result.map_err(|error| Failed {
                path: path.to_owned(),
                error,
            })
        })
        .collect()
}

/// So does `try_join_all`, until a call fails. (Of more than 30 calls, the error may come later than it could.)
pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    try_join_all(paths.iter().map(|path| upstream.get(path))).await
}

/// Each future leaves its own error in its slot.
pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut slots = vec![None; paths.len()];
    let calls = std::iter::zip(paths, &mut slots);
    let mut calls: FuturesUnordered<_> = calls
        .map(|(path, slot)| async move {
            let result = upstream.get(path).await;
            result.map_err(|error| *slot = Some(error)).ok()
        })
        .collect();
    while let Some(page) = calls.next().await {
        if let Some(page) = page {
            return Ok(page);
        }
    }
    drop(calls);
    Err(slots.into_iter().flatten().collect())
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
