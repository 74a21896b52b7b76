//! Wrong: sleeps after the call, as `time.sleep` would, and keeps the thread from everybody.

use std::{thread, time::Duration};

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.fetch(path).await;
    thread::sleep(Duration::from_millis(10));
    page.body
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
