//! Chapter 08, blocking: keep the event loop alive.
//!
//! A runtime's thread runs one task at a time, and turns to the next only when a task gives way. Code that
//! computes, or waits for a file, keeps the thread: no other task runs, no timer fires, no request gets an
//! answer. Write three functions that let the other tasks go on.
//!
//! See it first:  cargo run --example 08_blocking
//! Grade it:      cargo test -p exercises -- 08
//!
//! A `CpuWork` and a `LogFile` stand for synchronous libraries: each call keeps the thread that makes it. Both
//! are cheap to clone, and you can send a clone to another thread. The runtime that awaits your functions has
//! one thread. As in the lesson, a heart beats beside them: a task that counts how often it gets its turn.
//!
//! Worth looking up: `tokio::task::spawn_blocking`, `tokio::task::yield_now`, `slice::chunks`, and what a
//! `tokio::sync::mpsc::Receiver` can do. `cargo doc --open` shows a `CpuWork` and a `LogFile`.

use std::io;

use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use tokio::sync::mpsc;

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

/// Task 3: writes the log of a server that must not wait for the disk. The lines come out of the channel `lines`, and
/// `log_file.append` writes them. It's synchronous: it keeps its thread until the disk has the lines.
///
/// - Each `append` is a job of its own for the runtime's blocking pool. The next one starts only when the one before
///   has ended, so the lines keep their order.
/// - All lines that are waiting when a job can start go into that job, however many there are.
/// - While no line is waiting, there's no job: no thread of the pool is kept for a log that's quiet.
/// - While a job runs, new lines stay in the channel. It's bounded, so if it's full, its senders wait.
/// - When every sender is gone and every line is written, it returns how many lines there were.
/// - If `append` fails, it returns that error at once, and writes nothing after it. If `append` panics, the panic
///   isn't lost: this function panics too, or returns an error.
///
/// If this function is dropped half-way, nobody can stop the job that runs, but no other job starts.
///
/// It must NOT call `append` on the runtime's own thread.
pub async fn write_log(log_file: &LogFile, lines: mpsc::Receiver<String>) -> io::Result<usize> {
    todo!("write the lines that come out of a channel, with jobs for the blocking pool")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
