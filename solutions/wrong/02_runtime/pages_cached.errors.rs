//! A path that failed once is not asked for again.

use std::{collections::HashMap, sync::Mutex};

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
    failed: Mutex<HashMap<String, UpstreamError>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            runtime: Runtime::new().unwrap(),
            failed: Mutex::default(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        if let Some(error) = self.failed.lock().unwrap().get(path) {
            return Err(error.clone());
        }
        let gave = self.runtime.block_on(self.upstream.get(path));
        if let Err(error) = &gave {
            let failed = (path.to_owned(), error.clone());
            self.failed.lock().unwrap().extend([failed]);
        }
        gave
    }
}
