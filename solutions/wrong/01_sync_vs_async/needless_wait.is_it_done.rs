//! Wrong: asks every 7 ms whether the task is done. The handle, awaited, says so at once.

use std::time::Duration;

use async_workbook::services::upstream::Upstream;
use tokio::time::sleep;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
    while !task.is_finished() {
        sleep(Duration::from_millis(7)).await;
    }
    task.await.expect("the call does not panic")
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
