//! Wrong: `.await` inside a loop is a stop: the next call is not even made before this one has ended.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(upstream.fetch(path).await);
    }
    pages
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

pub async fn fetch_all_parallel(_: Arc<Upstream>, _: Vec<String>) -> Vec<Page> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
