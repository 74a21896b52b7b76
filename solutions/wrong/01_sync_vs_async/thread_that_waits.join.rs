//! Wrong: a thread makes the call, and the thread of the runtime is blocked until that one ends.

use std::thread;

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    thread::scope(|scope| {
        let call = scope.spawn(|| upstream.fetch_blocking(path));
        call.join().expect("the call does not panic").body
    })
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
