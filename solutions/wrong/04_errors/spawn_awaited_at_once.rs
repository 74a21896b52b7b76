//! Wrong: each task is awaited before the next one is spawned.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

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
    let mut errors = Vec::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        let task = tokio::spawn(async move { upstream.get(&path).await });
        match task.await.expect("no task panics") {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
