//! It asks for another path than it was given.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let path = path.trim_matches('/');
        self.runtime.block_on(self.upstream.get(path))
    }
}
