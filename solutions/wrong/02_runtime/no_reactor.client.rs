//! A client for code that is not async asks for the runtime that its thread is inside.

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Handle,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Handle::current();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}
