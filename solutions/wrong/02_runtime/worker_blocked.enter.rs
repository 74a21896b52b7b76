//! Wrong: workers drive the timers, and another executor polls the future, also on a thread that is a worker
//! already: it waits there, and no panic says so in time.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::executor;
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let _context = runtime.enter();
    executor::block_on(future)
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
