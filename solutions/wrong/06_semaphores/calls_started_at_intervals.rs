//! Each call begins a little later than the one before, even if permits are free.

use std::time::Duration;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = (0..).zip(paths).map(|(index, path)| async move {
        tokio::time::sleep(index * Duration::from_millis(10)).await;
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}
