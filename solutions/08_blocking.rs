//! Chapter 08, blocking: the reference solution.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use async_workbook::services::cpu_work::CpuWork;
use tokio::task::{spawn_blocking, yield_now};

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

/// One job does everything that can block: opening, writing, flushing.
pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let mut file = BufWriter::new(file);
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        // A buffer that is dropped is written too, but then nobody learns whether it worked.
        file.flush()?;
        Ok(lines.len())
    })
    // The `?` is for a job that panics, which this one does not; what is left is the job's own result.
    .await?
}

#[cfg(test)]
#[path = "../exercises/hidden/08_blocking.rs"]
mod hidden;
