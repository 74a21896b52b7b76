//! The permit lives in the block that makes the future. The future is awaited outside.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let call = {
            let _permit = semaphore.acquire().await.expect("it is never closed");
            upstream.fetch(path)
        };
        call.await
    });
    join_all(calls).await
}
