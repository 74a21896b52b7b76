//! Wrong: the index is there, but sorted as text: 10 comes before 2.

use std::{collections::BTreeMap, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream};
use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index.to_string(), upstream.fetch(path).await) })
        .collect();
    let pages: BTreeMap<_, _> = calls.collect().await;
    pages.into_values().collect()
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
