//! Wrong: `FuturesUnordered` returns in time, and gives the pages in the order in which they came.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{TryStreamExt as _, stream::FuturesUnordered};

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(_: &Upstream, _: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("another task")
}

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.get(path)).collect();
    calls.try_collect().await
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
