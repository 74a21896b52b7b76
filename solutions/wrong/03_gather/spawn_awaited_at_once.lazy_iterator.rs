//! Wrong: iterators are lazy, so that each task is spawned only when the loop asks for it.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

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
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.expect("the task does not panic"));
    }
    pages
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
