//! There is one permit, and each call holds it to its end.

use futures::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::Semaphore;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let lock = &Semaphore::new(1);
    let calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(i, path)| async move {
            let _p = lock.acquire().await.unwrap();
            (i, upstream.fetch(path).await)
        })
        .collect();
    let mut pages: Vec<_> = calls.collect().await;
    pages.sort_by_key(|&(i, _)| i);
    pages.into_iter().map(|(_, p)| p).collect()
}
