//! Wrong: what is spawned on a runtime that has ended is dropped, and no channel is ever sent to.

use std::sync::mpsc;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
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
    runtime: Handle,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self {
            upstream,
            runtime: runtime.handle().clone(),
        }
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
