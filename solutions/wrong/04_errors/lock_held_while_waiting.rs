//! Holds the lock around the upstream until the call has ended.

use tokio::sync::Mutex;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let lock = &Mutex::new(upstream);
    join_all(paths.iter().map(|&path| async move {
        lock.lock().await.get(path).await.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    }))
    .await
}
