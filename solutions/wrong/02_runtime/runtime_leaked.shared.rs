//! Wrong: clients share a runtime, which outlives each of them but the last.

use std::sync::{Arc, Mutex, Weak};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

static SHARED: Mutex<Weak<Runtime>> = Mutex::new(Weak::new());

pub fn run<F: Future>(_: F) -> F::Output {
    todo!("another task")
}

pub fn spawn_from_thread<W>(_: Handle, _: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    todo!("another task")
}

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

#[cfg(test)]
#[path = "../../../exercises/hidden/02_runtime.rs"]
mod hidden;
