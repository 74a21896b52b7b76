//! Wrong: a runtime that is made inside an async block is also dropped there, which would block the thread that polls.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let outer = Runtime::new().unwrap();
    outer.block_on(async {
        let helper = Runtime::new().unwrap();
        let _warm = helper.spawn(async {});
        future.await
    })
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
