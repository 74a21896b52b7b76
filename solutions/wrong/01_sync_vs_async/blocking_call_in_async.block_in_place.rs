//! Wrong: `block_in_place` moves the other tasks to another thread, and a `current_thread` runtime has none.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    tokio::task::block_in_place(|| upstream.fetch_blocking(path)).body
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
