//! Makes a semaphore for each call, so there's a permit for each call.

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    limit: NonZeroUsize,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self { upstream, limit }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let semaphore = Semaphore::new(self.limit.get());
        let _permit = semaphore.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
