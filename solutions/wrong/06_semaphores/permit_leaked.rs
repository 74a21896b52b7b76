//! A forgotten permit never comes back. The first `limit` calls end, and no other begins.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let permit = semaphore.acquire().await.expect("it is never closed");
        permit.forget();
        upstream.fetch(path).await
    });
    join_all(calls).await
}
