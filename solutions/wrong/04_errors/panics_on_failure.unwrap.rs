//! Wrong: `expect` turns a failure that was to be expected into a panic.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::task::JoinSet;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(_: &Upstream, _: &[&str]) -> Vec<Result<Page, Failed>> {
    todo!("another task")
}

pub async fn all_or_nothing(_: &Upstream, _: &[&str]) -> Result<Vec<Page>, UpstreamError> {
    todo!("another task")
}

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { upstream.get(&path).await.expect("the page is there") });
    }
    match tasks.join_next().await {
        Some(page) => Ok(page.unwrap()),
        None => Err(Vec::new()),
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
