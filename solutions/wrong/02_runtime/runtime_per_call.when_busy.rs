//! Whoever comes while the runtime is in use makes another.

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
        match self.runtime.try_lock() {
            Ok(runtime) => runtime.block_on(self.upstream.get(path)),
            Err(_) => Runtime::new().unwrap().block_on(self.upstream.get(path)),
        }
    }
}
