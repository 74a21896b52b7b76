//! Also right: a thread that drives a `current_thread` runtime, while the caller polls its future; a thread that
//! spawns, and is gone at once; a thread for each call, on one runtime.

use std::thread;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    let handle = runtime.handle().clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let driver = thread::spawn(move || runtime.block_on(stopped).is_ok());
    let output = handle.block_on(future);
    drop(stop);
    // The runtime ends with the thread that owns it.
    driver.join().expect("driving a runtime does not panic");
    output
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    // To spawn takes no time, and so nobody is kept waiting.
    thread::spawn(move || handle.spawn(work))
        .join()
        .expect("spawning does not panic")
}

/// Each caller waits for a thread that is in the runtime's `block_on`, as it could be itself.
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
        thread::scope(|scope| {
            let call = || self.runtime.block_on(self.upstream.get(path));
            let caller = scope.spawn(call);
            caller.join().expect("the upstream does not panic")
        })
    }
}

hidden_runtime::grade!();
