//! The client's runtime is told to end, and not waited for.

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
        self.runtime.take().map(Runtime::shutdown_background);
    }
}
