//! Wrong: awaiting a handle fails if its task panics. An error that the task returns is the output of a handle
//! that did well, and `try_join_all` waits on.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::try_join_all;

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
    let tasks = paths.iter().map(|path| {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tokio::spawn(async move { upstream.get(&path).await })
    });
    let results = try_join_all(tasks).await.expect("no task panics");
    results.into_iter().collect()
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
