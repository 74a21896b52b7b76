//! Each call gives back its permit, and adds a new one. The limit grows with every call.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        let page = upstream.fetch(path).await;
        semaphore.add_permits(1);
        page
    });
    join_all(calls).await
}
