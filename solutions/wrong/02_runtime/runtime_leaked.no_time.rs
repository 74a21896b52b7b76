//! The client gives its runtime no time to end.

use std::time::Duration;

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Option<Runtime>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            runtime: Runtime::new().ok(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = self.runtime.as_ref().unwrap();
        runtime.block_on(self.upstream.get(path))
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        let runtime = self.runtime.take().unwrap();
        runtime.shutdown_timeout(Duration::ZERO);
    }
}
