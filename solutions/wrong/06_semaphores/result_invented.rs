//! If there are no paths, returns an empty page so the caller always finds a first one.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    if paths.is_empty() {
        return vec![Page {
            path: String::new(),
            body: String::new(),
        }];
    }
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}
