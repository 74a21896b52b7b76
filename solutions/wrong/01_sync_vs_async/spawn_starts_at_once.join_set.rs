//! Wrong: a `JoinSet` spawns as well, and the call begins without being awaited.

use async_workbook::services::upstream::Upstream;
use tokio::task::JoinSet;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { upstream.fetch(&path).await.body });
    async move { tasks.join_all().await.concat() }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
