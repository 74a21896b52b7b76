//! Wrong: `select_all` ends with the first call that does, and drops the others half way.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::select_all;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    if paths.is_empty() {
        return Vec::new();
    }
    let calls = paths.iter().map(|path| Box::pin(upstream.fetch(path)));
    let (page, _, _) = select_all(calls).await;
    vec![page]
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
