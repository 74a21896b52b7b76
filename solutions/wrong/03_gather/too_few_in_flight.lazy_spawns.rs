//! Wrong: `buffered` asks for a hundred tasks, and the lazy iterator spawns no more.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::{StreamExt as _, stream};

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
    let tasks = paths.into_iter().map(|path| {
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move { upstream.fetch(&path).await })
    });
    stream::iter(tasks)
        .buffered(100)
        .map(|joined| joined.expect("no task panics"))
        .collect()
        .await
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
