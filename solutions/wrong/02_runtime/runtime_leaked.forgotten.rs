//! Wrong: a runtime that is forgotten is never shut down, and its tasks are never dropped.

use std::mem;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    // The runtime waits when it is dropped, which looks like a waste of time.
    mem::forget(runtime);
    output
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
