//! Wrong: a job for each line, all at the same time, so that their order is left to luck as well.

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
    let jobs = lines.into_iter().map(|line| {
        let path = path.to_owned();
        spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            writeln!(file, "{line}")
        })
    });
    let jobs: Vec<_> = jobs.collect();
    let count = jobs.len();
    for job in jobs {
        job.await??;
    }
    Ok(count)
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
