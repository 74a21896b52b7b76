//! Also right: a job on the handle of the runtime; a recursive step for each chunk; a job whose handle is kept until the
//! next round, and whose buffer comes back.

use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use std::{io, panic};
use tokio::{
    runtime::Handle,
    sync::mpsc,
    task::{JoinHandle, spawn_blocking, yield_now},
};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = Handle::current().spawn_blocking(move || cpu_work.fib(n));
    match job.await {
        Ok(value) => value,
        Err(error) => panic::resume_unwind(error.into_panic()),
    }
}

pub const CHUNK: usize = 4096;

async fn continued(cpu_work: &CpuWork, sum: u64, data: &[u8]) -> u64 {
    let Some((chunk, rest)) = data.split_at_checked(CHUNK) else {
        return cpu_work.digest(sum, data);
    };
    let sum = cpu_work.digest(sum, chunk);
    yield_now().await;
    Box::pin(continued(cpu_work, sum, rest)).await
}

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    continued(cpu_work, 0, data).await
}

/// What a job gives back: its buffer, and what became of the lines in it.
type Written = (Vec<String>, io::Result<()>);

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let mut count = 0;
    let mut buffer = Vec::new();
    let mut running: Option<JoinHandle<Written>> = None;
    loop {
        if let Some(job) = running.take() {
            let written;
            (buffer, written) = job.await.expect("the append does not panic");
            written?;
            count += buffer.len();
            buffer.clear();
        }
        if lines.recv_many(&mut buffer, limit).await == 0 {
            return Ok(count);
        }
        let (log_file, batch) = (log_file.clone(), std::mem::take(&mut buffer));
        running = Some(spawn_blocking(move || {
            let written = log_file.append(&batch);
            (batch, written)
        }));
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
