//! Wrong: `block_in_place` panics on a runtime with one thread.

use async_workbook::services::cpu_work::CpuWork;
use std::{fs::OpenOptions, io, io::Write as _, path::Path};
use tokio::task::block_in_place;

pub async fn fib(_: &CpuWork, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &CpuWork, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    block_in_place(|| {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.len())
    })
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
