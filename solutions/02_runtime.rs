//! Chapter 02, runtime: the reference solution.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};

/// One future needs no workers: this thread waits for it anyway, so it can poll the future and everything that the
/// future spawns. Without `enable_all` the runtime has no timers or sockets, and the first `sleep` panics.
/// Returning drops the runtime, and the runtime drops the tasks that are left.
pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    runtime.block_on(future)
}

/// `tokio::spawn` looks for the runtime that its thread is inside, and panics if there isn't one. A handle names its
/// runtime, and can be sent to any thread.
pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(work)
}

/// The runtime is a field, so it lives exactly as long as the client. Dropping it waits for its threads to end.
pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
}

impl BlockingClient {
    /// A worker drives the timers and sockets of all callers, whichever of them come and go. For waiting, one is
    /// enough.
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime needs nothing but file descriptors and a thread");
        Self { upstream, runtime }
    }

    /// `block_on` takes `&self`: each caller polls its own call on its own thread, all at the same time.
    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
