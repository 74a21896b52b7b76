//! `acquire()` without `.await` is a future that nobody polls, and `_permit` names only that future.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire();
        upstream.fetch(path).await
    });
    join_all(calls).await
}
