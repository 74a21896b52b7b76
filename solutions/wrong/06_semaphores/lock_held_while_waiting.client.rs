//! A mutex around the client lets one call through at a time.

use tokio::sync::Mutex;

#[derive(Clone)]
pub struct Limited {
    upstream: Arc<Mutex<Upstream>>,
}

impl Limited {
    pub fn new(upstream: Upstream, _limit: NonZeroUsize) -> Self {
        Self {
            upstream: Arc::new(Mutex::new(upstream)),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let upstream = self.upstream.lock().await;
        upstream.get(path).await
    }
}
