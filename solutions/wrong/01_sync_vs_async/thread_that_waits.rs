//! Wrong: nothing panics, and a thread of the blocking pool is kept for the length of each call.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let call = tokio::task::spawn_blocking(move || upstream.fetch_blocking(&path));
    call.await.expect("the call does not panic").body
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
