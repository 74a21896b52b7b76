//! `try_acquire` doesn't wait. A call that finds no permit gets no page.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.try_acquire().ok()?;
        Some(upstream.fetch(path).await)
    });
    join_all(calls).await.into_iter().flatten().collect()
}
