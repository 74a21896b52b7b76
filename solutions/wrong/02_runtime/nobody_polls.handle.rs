//! Wrong: `block_on` of a `Handle` polls the future that it is given, and drives neither the tasks nor the timers of a
//! `current_thread` runtime.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.handle().block_on(future)
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
