//! Wrong: `block_in_place` silences the panic inside a runtime, and keeps one of its workers waiting.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::{JoinHandle, block_in_place},
};

pub fn run<F: Future>(future: F) -> F::Output {
    let drive = || Runtime::new().unwrap().block_on(future);
    match Handle::try_current() {
        Ok(_) => block_in_place(drive),
        Err(_) => drive(),
    }
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
