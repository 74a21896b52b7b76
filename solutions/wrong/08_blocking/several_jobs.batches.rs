//! Wrong: a job for every hundred lines.

use async_workbook::services::cpu_work::CpuWork;
use std::{fs::OpenOptions, io, io::Write as _, path::Path};
use tokio::task::spawn_blocking;

pub async fn fib(_: &CpuWork, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &CpuWork, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    for batch in lines.chunks(100) {
        let (path, batch) = (path.to_owned(), batch.to_vec());
        let job = spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            for line in &batch {
                writeln!(file, "{line}")?;
            }
            io::Result::Ok(())
        });
        job.await??;
    }
    Ok(lines.len())
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
