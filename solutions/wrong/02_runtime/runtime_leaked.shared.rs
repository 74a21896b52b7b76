//! Clients share a runtime, which outlives each of them but the last.

use std::sync::{Arc, Mutex, Weak};

static SHARED: Mutex<Weak<Runtime>> = Mutex::new(Weak::new());

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Arc<Runtime>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let mut shared = SHARED.lock().unwrap();
        let runtime = shared
            .upgrade()
            .unwrap_or_else(|| Arc::new(Runtime::new().unwrap()));
        *shared = Arc::downgrade(&runtime);
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}
