//! Wrong: the runtime moves into the task, and is dropped where it may not be waited for.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(_: F) -> F::Output {
    todo!("another task")
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let runtime = Runtime::new().unwrap();
    let task = runtime.spawn(async {});
    handle.spawn(async move {
        task.await.unwrap();
        drop(runtime);
        work.await
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
