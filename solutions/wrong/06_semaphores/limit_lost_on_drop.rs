//! The first client closes the semaphore when it's dropped, and its clones go on without permits.

pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    owner: bool,
}

impl Clone for Limited {
    fn clone(&self) -> Self {
        Self {
            upstream: self.upstream.clone(),
            permits: Arc::clone(&self.permits),
            owner: false,
        }
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        if self.owner {
            self.permits.close();
        }
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            owner: true,
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await;
        self.upstream.get(path).await
    }
}
