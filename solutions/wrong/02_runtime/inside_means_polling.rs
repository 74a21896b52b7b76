//! Wrong: a thread of a pool for blocking calls is inside a runtime, and may block all the same.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    if Handle::try_current().is_ok() {
        panic!("`run` was called inside a runtime");
    }
    Runtime::new().unwrap().block_on(future)
}

pub fn spawn_from_thread<W>(_: Handle, _: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    todo!("another task")
}

pub struct BlockingClient {}

impl BlockingClient {
    pub fn new(_: Upstream) -> Self {
        todo!("another task")
    }

    pub fn get(&self, _: &str) -> Result<Page, UpstreamError> {
        todo!("another task")
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/02_runtime.rs"]
mod hidden;
