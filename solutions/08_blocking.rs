//! Chapter 08, blocking: the reference solution.

use std::{io, mem};

use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use tokio::{
    sync::mpsc,
    task::{spawn_blocking, yield_now},
};

/// The closure may outlive this function, should that be dropped, and so it owns a clone. Awaiting the
/// handle gives the thread back to the runtime until the result is there.
pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    spawn_blocking(move || cpu_work.fib(n))
        .await
        // The one other error is a runtime that shuts down, and then nobody awaits this.
        .expect("the computation does not panic")
}

pub const CHUNK: usize = 4096;

/// The data is borrowed, so that it cannot go to another thread; and each chunk is over soon. What makes
/// it cooperative is not the `.await` but that `yield_now` is not ready when it is first polled.
pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
        yield_now().await;
    }
    sum
}

/// It waits for lines here, where waiting keeps no thread, and takes one of the pool's only to write. What comes while a
/// job runs is left in the channel, whose bound is also that of a batch.
pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let mut batch = Vec::new();
    let mut count = 0;
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        spawn_blocking(move || log_file.append(&batch))
            .await
            .expect("the append does not panic")?;
    }
    Ok(count)
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
