//! Wrong: takes a future for a running call, as an asyncio task or a C# `Task` is one. Making all of
//! them first starts none of them: each begins when it is awaited.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: Vec<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let mut pages = Vec::new();
    for call in calls {
        pages.push(call.await);
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
