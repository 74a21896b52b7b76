//! `unwrap` panics where the caller should have the error.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        Ok(self.runtime.block_on(self.upstream.get(path)).unwrap())
    }
}
