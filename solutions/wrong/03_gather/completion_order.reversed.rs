//! Wrong: "they come backwards, so I turn them round". They come as they end, which is backwards only
//! where the last path is the fastest.

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
    let mut pages = tasks.join_all().await;
    pages.reverse();
    pages
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
