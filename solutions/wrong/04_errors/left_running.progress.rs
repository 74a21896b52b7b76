//! Wrong: the calls are dropped, and the task that reports on them goes on for ever.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::try_join_all;
use tokio::time::sleep;

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
    tokio::spawn(async {
        loop {
            sleep(Duration::from_secs(60)).await;
            println!("still fetching");
        }
    });
    try_join_all(paths.iter().map(|path| upstream.get(path))).await
}

pub async fn first_ok(_: &Upstream, _: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/04_errors.rs"]
mod hidden;
