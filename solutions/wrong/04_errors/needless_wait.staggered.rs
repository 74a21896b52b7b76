//! Wrong: each call begins a little after the one before, to be gentle with the service. Nobody asked for that.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::time::sleep;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = std::iter::zip(0.., paths).map(|(index, &path)| async move {
        sleep(Duration::from_millis(10) * index).await;
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
