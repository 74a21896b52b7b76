//! The lock is held for as long as a call takes: threads that share the client wait for one another.

use std::sync::Mutex;

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Mutex<Runtime>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Mutex::new(Runtime::new().unwrap());
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = self.runtime.lock().unwrap();
        runtime.block_on(self.upstream.get(path))
    }
}
