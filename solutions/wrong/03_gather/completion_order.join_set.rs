//! Wrong: `JoinSet::join_all` returns the outputs in the order in which the tasks ended.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use tokio::task::JoinSet;

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
    let mut tasks = JoinSet::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.spawn(async move { upstream.fetch(&path).await });
    }
    tasks.join_all().await
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
