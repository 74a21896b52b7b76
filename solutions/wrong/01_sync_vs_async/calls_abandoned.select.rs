//! Wrong: the second branch is a timeout that nobody asked for, long as it may be.

use std::time::Duration;

use async_workbook::services::upstream::Upstream;
use tokio::time::sleep;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move {
        tokio::select! {
            page = upstream.fetch(path) => page.body,
            () = sleep(Duration::from_secs(60)) => String::new(),
        }
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
