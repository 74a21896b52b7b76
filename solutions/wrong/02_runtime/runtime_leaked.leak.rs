//! A runtime that is leaked for a `&'static` outlives every client.

pub struct BlockingClient {
    upstream: Upstream,
    runtime: &'static Runtime,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self {
            upstream,
            runtime: Box::leak(Box::new(runtime)),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}
