//! Wrong: the call is spawned onto a `current_thread` runtime, which polls only while a thread is in its `block_on`;
//! this thread waits on a channel instead.

use std::sync::mpsc;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};

pub fn run<F: Future>(_: F) -> F::Output {
    todo!("another task")
}

pub fn spawn_from_thread<W>(_: Handle, _: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    todo!("another task")
}

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (sender, receiver) = mpsc::channel();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        self.runtime
            .spawn(async move { sender.send(upstream.get(&path).await) });
        receiver.recv().unwrap()
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/02_runtime.rs"]
mod hidden;
