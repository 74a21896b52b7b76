//! The executor of the `futures` crate has no timers, and the first call that takes time panics.

use futures::executor;

pub struct BlockingClient {
    upstream: Upstream,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        executor::block_on(self.upstream.get(path))
    }
}
