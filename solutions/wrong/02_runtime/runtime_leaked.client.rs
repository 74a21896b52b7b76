//! A `static` is never dropped: whatever still runs on it when a client goes, goes on.

use std::sync::OnceLock;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

pub struct BlockingClient {
    upstream: Upstream,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = RUNTIME.get_or_init(|| Runtime::new().unwrap());
        runtime.block_on(self.upstream.get(path))
    }
}
