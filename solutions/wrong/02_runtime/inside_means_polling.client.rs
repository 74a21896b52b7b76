//! Async code has no use for this client, but a call that `spawn_blocking` makes has.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        assert!(Handle::try_current().is_err(), "not in async code");
        self.runtime.block_on(self.upstream.get(path))
    }
}
