//! Holds the lock around the upstream until the call has ended.

use tokio::sync::Mutex;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let lock = &Mutex::new(upstream);
    join_all(
        paths
            .iter()
            .map(|path| async move { lock.lock().await.fetch(path).await }),
    )
    .await
}
