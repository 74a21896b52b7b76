//! Wrong: the first call is to warm up the connection. Nobody asked for it.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move {
        upstream.fetch(path).await;
        upstream.fetch(path).await.body
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
