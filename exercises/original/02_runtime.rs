//! Chapter 02, runtime: who polls.
//!
//! A future does nothing until a thread polls it. A runtime decides which thread does: on `current_thread` the one
//! that is inside `block_on`; on `multi_thread` a worker, or for the future of `block_on` itself the thread that
//! called it. Write three ways from plain, synchronous code into a runtime. The threads that call them may block,
//! because they don't poll futures. They're threads of the standard library, or of a runtime's pool for blocking
//! calls.
//!
//! See it first:  cargo run --example 02_runtime
//! Grade it:      cargo test -p exercises -- 02
//!
//! Worth looking up: `tokio::runtime::Builder` and its `enable_all`, `Runtime::block_on`, `Handle`, and what
//! happens to a `Runtime`'s tasks when it's dropped.

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{runtime::Handle, task::JoinHandle};

/// Task 1: runs a future to its end, however long that takes, and returns its output.
///
/// - Any thread that may block can call it. A tokio runtime of its own drives the future: `tokio::spawn`, sockets
///   and timers work in it, on the real clock.
/// - When this function returns, its runtime has ended. If the future spawned a task and didn't await it, that task
///   has been dropped. It must NOT wait for such a task to end.
/// - If a task calls it, on a thread that is already polling futures, it panics before it polls anything, as
///   `block_on` does. It must NOT keep a worker of that runtime waiting instead.
pub fn run<F: Future>(future: F) -> F::Output {
    todo!("return the output of the future")
}

/// Task 2: runs `work` as a task of the runtime that `handle` belongs to.
///
/// - A thread of the standard library, which isn't inside a runtime, calls it. It returns at once: it must NOT wait
///   for the work to begin or end, or poll it on the thread that called.
/// - The runtime polls the work where it polls its tasks (on a worker, or in `block_on`), not on its pool for
///   blocking calls. The work doesn't keep a worker waiting: the runtime may have only one.
/// - It returns the handle of the work, which yields the work's output, however late, or its panic. Aborting the
///   handle drops the work.
pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    todo!("return a handle to the work")
}

/// Task 3: an `Upstream` for code that isn't async. Give it the fields that it needs.
///
/// - Threads that may block use it. They may share one client, so it must be `Send` and `Sync`. When many threads
///   call `get` at the same moment, none waits for another's call to end.
/// - One runtime, which belongs to the client, drives all of its calls. It must NOT make a runtime for each call, or
///   share one with another client.
/// - When a thread that may block has dropped the client, its runtime has ended, and none of its tasks is left.
pub struct BlockingClient {}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        todo!("keep what `get` needs")
    }

    /// Calls `upstream.get(path)` once, waits for it, however long it takes, and returns its result, errors included.
    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        todo!("return the result of the call")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
