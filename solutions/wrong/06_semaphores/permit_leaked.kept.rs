//! Keeps the permits beside the pages until all pages are there.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let permit = semaphore.acquire().await.expect("it is never closed");
        (upstream.fetch(path).await, permit)
    });
    let pages = join_all(calls).await;
    pages.into_iter().map(|(page, _)| page).collect()
}
