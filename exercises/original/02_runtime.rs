//! Chapter 02, runtime: who polls.
//!
//! A future does nothing until a thread polls it. A runtime decides which thread does: on `current_thread` the one
//! that is inside `block_on`; on `multi_thread` a worker, or for the future of `block_on` itself the thread that
//! called it. Write two ways from plain, synchronous code into a runtime, and then the part of a runtime that polls. The
//! threads that call them may block, because they don't poll futures. They're threads of the standard library, or of a
//! runtime's pool for blocking calls.
//!
//! See it first:  cargo run --example 02_runtime
//! Grade it:      cargo test -p exercises -- 02
//!
//! Worth looking up: `tokio::runtime::Builder` and its `enable_all`, `Runtime::block_on`, `Handle`, and what
//! happens to a `Runtime`'s tasks when it's dropped. For the third task, in `std`: `Future::poll`, `task::Wake`,
//! `pin!`, and `thread::park` with its token.

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

/// Task 3: polls a future on the thread that calls it until the future is ready, and returns the output.
///
/// - Write it with `std` alone. It must NOT use a `block_on` of tokio, of the `futures` crate, or any other executor.
/// - It polls once at the start, and again each time the future's waker has been called. In between, the thread
///   sleeps. It must NOT poll or look for anything in a loop, or wake up by itself now and then.
/// - No wake-up is lost: not one that comes during a poll, and not if the poll itself parks the thread, as a channel of
///   `std` does. A poll may also call `block_on` for another future.
/// - Any thread may call the waker, more than once, and after `block_on` has returned. The call never blocks or panics.
/// - Something else may unpark the thread: that's no wake-up, and the future may or may not be polled then.
/// - When it returns or panics, the future has been dropped. A panic of the future passes through unchanged.
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!("return the output of the future")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
