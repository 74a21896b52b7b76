//! Wrong: the panic ends the task, and its handle says so to somebody who does not listen.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    async {
        let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
        task.await.unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
