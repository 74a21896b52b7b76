//! Wrong: nobody asked for a timeout. What takes longer than half a second is dropped.

use std::time::Duration;

use async_workbook::services::upstream::Upstream;
use tokio::time::timeout;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let call = timeout(Duration::from_millis(500), upstream.fetch(path));
    call.await.map(|page| page.body).unwrap_or_default()
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
