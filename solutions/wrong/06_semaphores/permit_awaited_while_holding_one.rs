//! The function that fetches takes a permit, and so does the one that calls it.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        fetch_one(upstream, path, semaphore).await
    });
    join_all(calls).await
}

async fn fetch_one(upstream: &Upstream, path: &str, semaphore: &Semaphore) -> Page {
    let _permit = semaphore.acquire().await.expect("it is never closed");
    upstream.fetch(path).await
}
