//! A call that takes longer than 100 ms is given up, and made again.

use std::time::Duration;

use tokio::time::timeout;

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(async {
            match timeout(Duration::from_millis(100), self.upstream.get(path)).await {
                Ok(answer) => answer,
                Err(_elapsed) => self.upstream.get(path).await,
            }
        })
    }
}
