//! Wrong: nobody asked for a timeout. A slow call is dropped, and an error made up for it.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::join_all;
use tokio::time::timeout;

#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|&path| async move {
        let call = timeout(Duration::from_secs(30), upstream.get(path));
        let result = call.await.unwrap_or_else(|_| {
            Err(UpstreamError::Transport {
                path: path.to_owned(),
                reason: "timed out".to_owned(),
            })
        });
        result.map_err(|error| Failed {
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
