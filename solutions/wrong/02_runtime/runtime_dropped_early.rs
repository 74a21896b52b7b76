//! The runtime ends with `new`: a handle does not keep it going.

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Handle,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self {
            upstream,
            runtime: runtime.handle().clone(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}
