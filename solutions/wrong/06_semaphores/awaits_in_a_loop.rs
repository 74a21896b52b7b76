//! The loop waits for a permit and then for the call. It never asks for a second permit.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Semaphore::new(limit.get());
    let mut pages = Vec::new();
    for path in paths {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        pages.push(upstream.fetch(path).await);
    }
    pages
}
