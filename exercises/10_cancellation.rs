//! Chapter 10, cancellation: survive being dropped.
//!
//! The owner of a future may drop it at any `.await`: a `select!`, a timeout, a server whose client hangs up.
//! Write a reader of lines, a forwarder of messages, and work under a lease, which lose nothing when they're dropped.
//!
//! See it first:  cargo run --example 10_cancellation
//! Grade it:      cargo test -p exercises -- 10
//!
//! In all three tasks:
//!
//! - The tests drop your futures at every `.await`, before the first poll, and again and again. A future that
//!   isn't dropped returns as soon as its result is known.
//! - It must NOT leave anything running once it has returned, or once its `LineReader` is dropped. (In
//!   task 3, the release may go on, up to its limit.)
//! - You may spawn tasks. You only have to where something must go on after your future has been dropped.
//!
//! Worth looking up: `tokio::io::AsyncBufReadExt`, `tokio_util::codec`, `Sender::reserve`,
//! `CancellationToken`, and the section "Cancel safety" of whatever you await.

use std::{io, time::Duration};

use async_workbook::services::leases::Leases;
use tokio::{
    io::AsyncRead,
    sync::mpsc::{Receiver, Sender},
};
use tokio_util::sync::CancellationToken;

/// Given: a connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// Task 1: reads lines. Give it the fields that it needs.
pub struct LineReader {}

impl LineReader {
    pub fn new(input: Input) -> Self {
        todo!("keep the input")
    }

    /// The next line, or `None` when the input has ended, as often as it's called then.
    ///
    /// - A line ends with `\n` or `\r\n`, and is returned without it. It may be empty, and of any length.
    ///   What comes after the last `\n` is a line as well, unless it's empty.
    /// - It returns a line as soon as its end has arrived, and an error of the input as it is.
    /// - The input is UTF-8, and comes in pieces of any size.
    ///
    /// The caller uses this in a `select!` loop, so most calls are dropped. They must NOT lose a byte.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        todo!("return the next line, and lose nothing if the call is dropped")
    }
}

/// Task 2: moves messages from one channel to another, in order, and returns how many it has moved.
///
/// - It returns when `from` has ended, when `to` is closed, or when `stop` is cancelled, at that instant, even if
///   messages keep coming. (If `from` ends while `to` is full, it may wait for room.)
/// - Each message is in `from`, or has been sent to `to`. That holds when this returns, and when it's dropped
///   too: the next call goes on where this one stopped.
/// - If two things happen at the same instant, either may win.
///
/// It must NOT drop a message, or keep a place in `to` that nobody gets back.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    todo!("move messages until one of the three says that it's over")
}

/// Task 3: takes a lease, awaits `work`, hands the lease back, and returns the work's output.
///
/// - `leases.acquire().await` takes the lease, and `lease.release().await` hands it back. Either does nothing
///   if it's dropped halfway. Dropping the lease alone doesn't hand it back.
/// - `work` runs while the lease is taken, and not before. Both `acquire` and `work` may take as long as they like.
/// - The lease is handed back once, however this ends: `work` has finished, it has panicked (the panic goes
///   on to the caller), or this future is dropped, which drops `work` at that instant.
/// - If `work` has finished, this returns when the lease is back.
/// - A release that takes longer than `limit` is dropped, and this returns without it.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    todo!("await the work under a lease that always comes back")
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
