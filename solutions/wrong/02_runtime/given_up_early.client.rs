//! A time limit of its own, and an answer that the upstream never gave.

use std::time::Duration;

use tokio::time::timeout;

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let limited = async { timeout(Duration::from_secs(5), self.upstream.get(path)).await };
        self.runtime.block_on(limited).unwrap_or_else(|_elapsed| {
            Err(UpstreamError::Status {
                path: path.to_owned(),
                status: 504,
            })
        })
    }
}
