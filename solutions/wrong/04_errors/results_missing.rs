//! Wrong: `take(100)` is meant to spare the service, and leaves out every path after the hundredth.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().take(100).map(|&path| async move {
        upstream.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    });
    join_all(calls).await
}

pub async fn all_or_nothing(_: &Upstream, _: &[&str]) -> Result<Vec<Page>, UpstreamError> {
    todo!("another task")
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
