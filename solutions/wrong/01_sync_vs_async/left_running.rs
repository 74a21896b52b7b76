//! Wrong: a task that counts the minutes of waiting, and that nobody ends.

use std::time::Duration;

use async_workbook::services::upstream::Upstream;
use tokio::time::sleep;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    tokio::spawn(async {
        for _minute in 1.. {
            sleep(Duration::from_secs(60)).await;
        }
    });
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
