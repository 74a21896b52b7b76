//! Wrong: a timeout that nobody asked for gives up the one call that would have succeeded.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::try_join_all;
use tokio::time::timeout;

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
    let exchanged = paths.iter().map(|path| async move {
        match upstream.get(path).await {
            Ok(page) => Err(page),
            Err(error) => Ok(error),
        }
    });
    match timeout(Duration::from_secs(30), try_join_all(exchanged)).await {
        Ok(Ok(errors)) => Err(errors),
        Ok(Err(page)) => Ok(page),
        Err(_elapsed) => Err(Vec::new()),
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
