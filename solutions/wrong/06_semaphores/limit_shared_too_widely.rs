//! A `static` exists once in the whole program, so the first client sets the limit for all.

use std::sync::OnceLock;

static PERMITS: OnceLock<Semaphore> = OnceLock::new();

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: &'static Semaphore,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: PERMITS.get_or_init(|| Semaphore::new(limit.get())),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
