//! Chapter 08, blocking: keep the event loop alive.
//!
//! A runtime's thread runs one task at a time, and turns to the next only when a task gives way. Code that
//! computes, or waits for a file, keeps the thread: no other task runs, no timer fires, no request gets an
//! answer. Write three functions that let the other tasks go on.
//!
//! See it first:  cargo run --example 08_blocking
//! Grade it:      cargo test -p exercises -- 08
//!
//! A `CpuWork` stands for a synchronous library: each call keeps the thread that makes it. It's cheap to
//! clone, and you can send a clone to another thread. The runtime that awaits your functions has one thread.
//! As in the lesson, a heart beats beside them: a task that counts how often it gets its turn.
//!
//! Worth looking up: `tokio::task::spawn_blocking`, `tokio::task::yield_now`, `slice::chunks`,
//! `std::fs::OpenOptions`. `cargo doc --open` shows what a `CpuWork` can do.

use std::{io, path::Path};

use async_workbook::services::cpu_work::CpuWork;

/// Task 1: calls `cpu_work.fib(n)` once, and returns the result.
///
/// - Another thread computes it, not the one that awaits this function.
/// - Meanwhile the runtime's thread is free, and other tasks run.
/// - This function rests until the result is there and wakes it. It doesn't ask again and again.
/// - If `cpu_work.fib` panics, which it does from 94 on, this function panics too.
///
/// It must NOT block this thread while it waits for the other one, as `JoinHandle::join` of `std` does.
pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    todo!("compute `fib(n)` on another thread")
}

/// The most bytes to digest before the other tasks get a turn.
pub const CHUNK: usize = 4096;

/// Task 2: computes the checksum of `data` piece by piece: start with 0, and continue with
/// `sum = cpu_work.digest(sum, piece)`.
///
/// - It digests each byte once, in order. With no data, it returns 0.
/// - It stays on the thread that awaits it.
/// - After at most `CHUNK` bytes it gives way: every other task that's ready runs before it digests the next
///   piece.
///
/// It must NOT wait for a timer: the others get a turn because it yields, not because it sleeps.
pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    todo!("compute the checksum on this thread, and give way after every `CHUNK` bytes")
}

/// Task 3: appends `lines` to the file at `path`, and returns how many there were.
///
/// - It keeps what's already in the file, and whatever others append meanwhile. It creates a missing file.
/// - It writes `'\n'` after each line, the last one too. With no lines, it returns `Ok(0)`.
/// - It gives the runtime's blocking pool one job for the whole call, however many lines there are.
/// - When it returns `Ok`, every line has been handed to the system: its buffer is flushed, and no job is
///   still running. If anything fails, the last write included, it returns the `Err`, and doesn't panic.
///
/// It must NOT touch the file outside the blocking pool. (Every operation of `tokio::fs` is a separate job.)
pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    todo!("append the lines to the file, with one job for the blocking pool")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
