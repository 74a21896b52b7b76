//! Wrong: takes `tokio::fs` for file access without threads. Opening is a job for the blocking pool, and so
//! is each write.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::{fs::OpenOptions, io::AsyncWriteExt as _};

pub async fn fib(_: &CpuWork, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &CpuWork, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let mut options = OpenOptions::new();
    let mut file = options.append(true).create(true).open(path).await?;
    for line in &lines {
        file.write_all(format!("{line}\n").as_bytes()).await?;
    }
    file.flush().await?;
    Ok(lines.len())
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
