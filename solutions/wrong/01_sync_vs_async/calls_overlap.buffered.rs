//! Wrong: `buffered(2)` yields in order, and looks one call ahead.

use async_workbook::services::upstream::Upstream;
use futures::{StreamExt as _, stream};

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(2)
        .map(|page| page.body)
        .collect()
        .await
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
