//! Wrong: ten permits for all callers. The eleventh waits, though nobody has asked for a limit.

use async_workbook::services::upstream::Upstream;
use tokio::sync::Semaphore;

static PERMITS: Semaphore = Semaphore::const_new(10);

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let _permit = PERMITS.acquire().await.expect("nobody closes it");
    upstream.fetch(path).await.body
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
