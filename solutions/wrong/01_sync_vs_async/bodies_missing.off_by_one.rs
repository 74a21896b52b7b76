//! Wrong: begins to count at one.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for index in 1..paths.len() {
        bodies.push(upstream.fetch(paths[index]).await.body);
    }
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
