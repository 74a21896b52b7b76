//! Wrong: `block_in_place` hands the other tasks of a worker to another one. A runtime with one thread has
//! no other, and it panics.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::block_in_place;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    block_in_place(|| cpu_work.fib(n))
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &CpuWork, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(_: &Path, _: Vec<String>) -> io::Result<usize> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
