//! Also right: a `JoinSet` of blocking jobs; a fold over a stream of chunks; a stream of whatever is ready, whose results
//! are added up.

use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::io;
use tokio::{
    runtime::Handle,
    sync::mpsc,
    task::{JoinSet, coop::unconstrained, yield_now},
};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let mut jobs = JoinSet::new();
    jobs.spawn_blocking(move || cpu_work.fib(n));
    let joined = jobs.join_next().await.expect("there is one job");
    joined.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    stream::iter(data.chunks(CHUNK))
        .fold(0, async |sum, chunk| {
            let sum = cpu_work.digest(sum, chunk);
            yield_now().await;
            sum
        })
        .await
}

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let bursts = stream::poll_fn(|context| lines.poll_recv(context)).ready_chunks(limit);
    let written = bursts
        .then(async |burst| {
            let log_file = log_file.clone();
            let job = Handle::current().spawn_blocking(move || {
                log_file.append(&burst)?;
                io::Result::Ok(burst.len())
            });
            // A panic becomes an error of its own.
            job.await?
        })
        .try_fold(0, async |count, written| Ok(count + written));
    // Otherwise tokio would have the stream give way after 128 lines, and a long burst would be several jobs.
    unconstrained(written).await
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
