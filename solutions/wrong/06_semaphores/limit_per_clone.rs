//! Each clone gets a semaphore of its own, with as many permits again.

pub struct Limited {
    upstream: Upstream,
    limit: NonZeroUsize,
    permits: Semaphore,
}

impl Clone for Limited {
    fn clone(&self) -> Self {
        Self::new(self.upstream.clone(), self.limit)
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit,
            permits: Semaphore::new(limit.get()),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
