//! Wrong: gives way once, and then computes all of it on the runtime's thread.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::yield_now;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    yield_now().await;
    cpu_work.fib(n)
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
