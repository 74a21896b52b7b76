//! Each call builds a runtime, and ends it.

pub struct BlockingClient {
    upstream: Upstream,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.upstream.get(path))
    }
}
