//! Wrong: `buffered` polls all calls, and gives their results in the order of the paths: the first page of
//! these is not the first in time.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, stream};

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
    let mut results = stream::iter(paths)
        .map(|path| upstream.get(path))
        .buffered(paths.len().max(1));
    let mut errors = Vec::new();
    while let Some(result) = results.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
