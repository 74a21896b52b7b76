//! Wrong: the task waits for a thread that waits for the work: `join` keeps a worker as well.

use std::thread;

use async_workbook::upstream::{Page, Upstream, UpstreamError};
use tokio::{runtime::Handle, task::JoinHandle};

pub fn run<F: Future>(_: F) -> F::Output {
    todo!("another task")
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    let task = inner.spawn(work);
    handle.spawn(async move {
        let waiting = thread::spawn(move || inner.block_on(task));
        waiting.join().unwrap().unwrap()
    })
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
