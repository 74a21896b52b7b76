//! Tries again until there is a page.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        loop {
            if let Ok(page) = upstream.get(path).await {
                return page;
            }
        }
    });
    join_all(calls).await
}

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        loop {
            if let Ok(page) = self.upstream.get(path).await {
                return Ok(page);
            }
        }
    }
}
