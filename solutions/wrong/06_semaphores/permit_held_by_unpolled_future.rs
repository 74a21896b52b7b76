//! The loop takes the permits, and nothing polls the calls until the loop has ended. It never ends.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut calls = Vec::new();
    for path in paths {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        calls.push(async move {
            let _permit = permit;
            upstream.fetch(path).await
        });
    }
    join_all(calls).await
}
