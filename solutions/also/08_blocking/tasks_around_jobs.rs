//! Also right: a task that awaits the job; a task that owns a copy of the data, and yields before each chunk; a
//! task that is aborted with its caller.

use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use std::io;
use tokio::{
    sync::mpsc,
    task::{spawn_blocking, yield_now},
};
use tokio_util::task::AbortOnDropHandle;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let task = tokio::spawn(async move {
        let job = spawn_blocking(move || cpu_work.fib(n));
        job.await.expect("the computation does not panic")
    });
    task.await.expect("the job does not panic")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let (cpu_work, data) = (cpu_work.clone(), data.to_vec());
    let task = tokio::spawn(async move {
        let mut sum = 0;
        for chunk in data.chunks(CHUNK / 4) {
            yield_now().await;
            sum = cpu_work.digest(sum, chunk);
        }
        sum
    });
    task.await.expect("the task does not panic")
}

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let log_file = log_file.clone();
    let task = tokio::spawn(async move {
        let mut count = 0;
        while let Some(line) = lines.recv().await {
            let mut batch = vec![line];
            while let Ok(line) = lines.try_recv() {
                batch.push(line);
            }
            count += batch.len();
            let log_file = log_file.clone();
            spawn_blocking(move || log_file.append(&batch)).await??;
        }
        io::Result::Ok(count)
    });
    // A task goes on when nobody awaits it: this one is aborted with its caller.
    AbortOnDropHandle::new(task).await?
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
