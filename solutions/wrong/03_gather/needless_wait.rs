//! Wrong: the calls overlap, and then a sleep "gives them time to end", which the awaits have done.

use std::sync::Arc;
use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls = paths.iter().map(|path| upstream.fetch(path));
    let (pages, ()) = tokio::join!(join_all(calls), tokio::time::sleep(Duration::from_secs(1)));
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
