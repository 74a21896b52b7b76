//! Wrong: one `spawn` around the whole is one task.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;

pub async fn fetch_all(_: &Upstream, _: &[&str]) -> Vec<Page> {
    todo!("another task")
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

pub async fn dashboard(_: &Upstream, _: u64) -> Dashboard {
    todo!("another task")
}

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let all =
        tokio::spawn(async move { join_all(paths.iter().map(|path| upstream.fetch(path))).await });
    all.await.expect("the task does not panic")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
