//! Wrong: a `static` is never dropped: whatever still runs on it when a client goes, goes on.

use std::sync::OnceLock;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

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

#[cfg(test)]
#[path = "../../../exercises/hidden/02_runtime.rs"]
mod hidden;
