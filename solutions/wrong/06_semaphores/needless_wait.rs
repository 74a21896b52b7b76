//! Checks for a permit every 30 ms. A semaphore would wake it as soon as there's one.

use std::time::Duration;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = loop {
            match semaphore.try_acquire() {
                Ok(permit) => break permit,
                Err(_) => tokio::time::sleep(Duration::from_millis(30)).await,
            }
        };
        upstream.fetch(path).await
    });
    join_all(calls).await
}
