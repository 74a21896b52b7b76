//! Wrong: a page has a path and a body, and this is the path.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.path
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
