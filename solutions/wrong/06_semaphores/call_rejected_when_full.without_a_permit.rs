//! Waits half a minute for a permit. After that `_permit` is an error that nobody checks, and the call is made anyway.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = timeout(Duration::from_secs(30), semaphore.acquire()).await;
        upstream.fetch(path).await
    });
    join_all(calls).await
}
