//! Chapter 02, runtime: who polls.
//!
//! A future does nothing until a thread polls it. A runtime decides which thread does: on `current_thread` the one
//! that is inside `block_on`; on `multi_thread` a worker, or for the future of `block_on` itself the thread that
//! called it. Write three ways from plain, synchronous code into a runtime. They are called by threads that may
//! block, since they poll no futures: those of the standard library, and those of a runtime's pool for blocking calls.
//!
//! See it first:  cargo run --example 02_runtime
//! Grade it:      cargo test -p exercises -- 02
//!
//! Worth looking up: `tokio::runtime::Builder` and its `enable_all`, `Runtime::block_on`, `Handle`, and what
//! happens to the tasks of a `Runtime` that is dropped.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{runtime::Handle, task::JoinHandle};

/// Task 1: runs a future to its end, however long that takes, and returns its output.
///
/// - It is called by any thread that may block. A tokio runtime of its own drives the future: `tokio::spawn`,
///   sockets and timers work in it, on the real clock.
/// - When this function returns, its runtime has ended: a task that the future spawned and did not
///   await has been dropped. It must NOT wait for such a task to end.
/// - Called in a task, by a thread that polls futures already, it panics before it polls anything, as
///   `block_on` does. It must NOT keep a worker of that runtime waiting instead.
pub fn run<F: Future>(future: F) -> F::Output {
    todo!("build a runtime with everything enabled, and let it drive the future")
}

/// Task 2: has `work` run as a task of the runtime that `handle` belongs to.
///
/// - It is called from a thread of the standard library, which is inside no runtime, and returns at once: it
///   must NOT wait for the work to begin or to end, nor poll it on the thread that called.
/// - The runtime polls the work wherever it polls its tasks (on a worker, or in `block_on`), and not on its
///   pool for blocking calls. None of its workers is kept waiting meanwhile: it may have only one.
/// - The handle that is returned is that of the work: it gives its output, however late, or its panic, and to
///   abort it is to drop the work.
pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    todo!("spawn the work, on the runtime of the handle")
}

/// Task 3: an `Upstream` for code that is not async. Give it the fields that it needs.
///
/// - It is used by threads that may block. They may share one client (so that it must be `Send` and `Sync`), and
///   when many of them call `get` at the same moment, none waits for another's call to end.
/// - All calls of a client are driven by one and the same runtime, which is its own. It must NOT make a runtime for
///   each call, nor share one with another client.
/// - When a client has been dropped, by a thread that may block, its runtime has ended, and no task of it is left.
pub struct BlockingClient {}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        todo!("keep the upstream, and a runtime")
    }

    /// Makes one call of `upstream.get(path)`, waits for it, however long it takes, and returns what it gives, errors
    /// included.
    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        todo!("let the runtime drive the call, while this thread waits")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
