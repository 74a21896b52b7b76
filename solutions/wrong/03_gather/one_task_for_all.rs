//! Wrong: `join_all` overlaps the calls, but polls all of them on one task, and so on one thread.

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
    join_all(paths.iter().map(|path| upstream.fetch(path))).await
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
