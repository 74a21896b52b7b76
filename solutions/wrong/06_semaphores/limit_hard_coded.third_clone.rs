//! From the third clone on, each call takes two permits.

pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    each: u32,
}

impl Clone for Limited {
    fn clone(&self) -> Self {
        Self {
            upstream: self.upstream.clone(),
            permits: Arc::clone(&self.permits),
            each: if Arc::strong_count(&self.permits) >= 3 {
                2
            } else {
                1
            },
        }
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            each: 1,
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permits = self.permits.acquire_many(self.each).await;
        let _permits = permits.expect("it is never closed");
        self.upstream.get(path).await
    }
}
