//! Also right: `#[tokio::main]` on a function that is not `main`; a guard that puts the thread inside the
//! runtime, where `tokio::spawn` finds it; a task for each call, and a channel at which its caller waits.

use std::sync::mpsc;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

/// The attribute makes a plain function of it, which builds a `multi_thread` runtime and blocks on the body.
#[tokio::main]
pub async fn run<F: Future>(future: F) -> F::Output {
    future.await
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let _inside = handle.enter();
    tokio::spawn(work)
}

/// The workers poll every call; the callers poll nothing.
pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().expect("threads are to be had");
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (sender, receiver) = mpsc::channel();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        self.runtime.spawn(async move {
            // The receiver is there as long as the caller waits.
            sender.send(upstream.get(&path).await).ok();
        });
        // This blocks the caller's thread, and no worker.
        receiver.recv().expect("the task does not panic")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
