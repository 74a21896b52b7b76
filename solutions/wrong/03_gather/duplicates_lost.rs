//! Wrong: tells the pages apart by their path, so that the second of two equal paths finds nothing.

use std::collections::HashMap;
use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls = paths
        .iter()
        .map(|path| async { (*path, upstream.fetch(path).await) });
    let mut pages: HashMap<_, _> = join_all(calls).await.into_iter().collect();
    paths.iter().filter_map(|path| pages.remove(path)).collect()
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
