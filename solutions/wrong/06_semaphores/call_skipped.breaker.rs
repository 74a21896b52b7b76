//! After ten failures in a row, fails without making the call.

use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    failures: Arc<AtomicUsize>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            failures: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        if self.failures.load(Ordering::SeqCst) >= 10 {
            return Err(UpstreamError::Status {
                path: path.to_owned(),
                status: 503,
            });
        }
        let answer = self.upstream.get(path).await;
        match &answer {
            Ok(_) => self.failures.store(0, Ordering::SeqCst),
            Err(_) => _ = self.failures.fetch_add(1, Ordering::SeqCst),
        }
        answer
    }
}
