//! Every client closes the semaphore when it's dropped.

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
}

impl Drop for Limited {
    fn drop(&mut self) {
        self.permits.close();
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await;
        self.upstream.get(path).await
    }
}
