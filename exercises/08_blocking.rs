//! Chapter 08, blocking: keep the event loop alive.
//!
//! A runtime's thread runs one task at a time, and goes to the next only where a task gives way. Code that
//! computes, or waits for a file, keeps the thread: no other task runs, no timer fires, no request is
//! answered. Write three functions that let the others go on.
//!
//! See it first:  cargo run --example 08_blocking
//! Grade it:      cargo test -p exercises -- 08
//!
//! A `CpuWork` is somebody's synchronous library: each of its calls keeps the thread that makes it. It is
//! cheap to clone, and a clone can be sent to another thread. The runtime that awaits your functions has
//! one thread. Beside them beats a heart, as in the lesson: a task that counts how often it gets its turn.
//!
//! Worth looking up: `tokio::task::spawn_blocking`, `tokio::task::yield_now`, `slice::chunks`,
//! `std::fs::OpenOptions`. `cargo doc --open` shows what a `CpuWork` can do.

use std::{io, path::Path};

use async_workbook::services::cpu_work::CpuWork;

/// Task 1: returns `cpu_work.fib(n)`, which is called once.
///
/// - It is computed on another thread than the one that awaits this function.
/// - While it is, the runtime's thread is free: other tasks run.
/// - It rests until the result is there, and is woken then: it does not ask again and again.
/// - If `cpu_work.fib` panics (from 94 on it does), this function panics too.
///
/// It must NOT wait for the other thread in a way that keeps this one, as `JoinHandle::join` of `std` does.
pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    todo!("have another thread call `cpu_work.fib(n)`, and await the result")
}

/// The most bytes to digest before others get their turn.
pub const CHUNK: usize = 4096;

/// Task 2: returns the checksum of `data`, piece by piece: start with 0, and go on with
/// `sum = cpu_work.digest(sum, piece)`.
///
/// - Each byte is digested once, in order. No data: 0.
/// - It stays on the thread that awaits it.
/// - After at most `CHUNK` bytes it gives way: every other task that is ready runs before the next piece
///   is digested.
///
/// It must NOT wait for a timer: others get their turn because it yields, not because it sleeps.
pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    todo!("digest a chunk, let the others run, and go on with the next chunk")
}

/// Task 3: adds lines to the end of the file at `path`, and returns how many there were.
///
/// - What stands in the file stays there, also what others append meanwhile; a file that is missing is made.
/// - Each line is followed by `'\n'`, the last one too. No lines: `Ok(0)`.
/// - It gives the runtime's blocking pool one job for the whole call, however many lines there are.
/// - When it returns `Ok`, every line has been handed to the system: a buffer has been flushed, and no
///   job is under way. What fails, the last write included, is the `Err`; nothing panics.
///
/// It must NOT touch the file outside the blocking pool. (Every operation of `tokio::fs` is a job.)
pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    todo!("move the path and the lines into one blocking job that opens, writes and flushes")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
