//! Takes the runtime that the thread is inside, if there is one, instead of its own.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = Handle::try_current().unwrap_or(self.runtime.handle().clone());
        runtime.block_on(self.upstream.get(path))
    }
}
