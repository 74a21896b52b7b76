//! Wrong: a limit that nobody asked for: the eleventh caller waits for one of ten.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    sync::Semaphore,
    task::JoinHandle,
};

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
    runtime: Runtime,
    permits: Semaphore,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            runtime: Runtime::new().unwrap(),
            permits: Semaphore::new(10),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(async {
            let _permit = self.permits.acquire().await.unwrap();
            self.upstream.get(path).await
        })
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/02_runtime.rs"]
mod hidden;
