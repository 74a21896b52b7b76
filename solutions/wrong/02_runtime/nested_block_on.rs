//! Wrong: the thread that polls the outer future may not block on another one.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let outer = Runtime::new().unwrap();
    outer.block_on(async {
        let inner = Builder::new_current_thread().enable_all().build().unwrap();
        inner.block_on(future)
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
