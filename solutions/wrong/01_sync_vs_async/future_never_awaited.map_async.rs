//! Wrong: an async block inside `map` is a future for each path. To count them is not to await them.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let calls = paths
        .iter()
        .map(|path| async { upstream.fetch(path).await.body });
    vec![String::new(); calls.count()]
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
