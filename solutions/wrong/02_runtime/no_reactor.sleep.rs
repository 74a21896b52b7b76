//! Wrong: the `sleep` is made before `block_on` is called, by a thread that is inside no runtime.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
    time::sleep,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    // What is left shall have time to end.
    runtime.block_on(sleep(Duration::from_millis(10)));
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
