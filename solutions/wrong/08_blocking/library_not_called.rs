//! Wrong: computes the number itself, if on another thread.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::spawn_blocking;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    spawn_blocking(move || (0..n).fold((0, 1), |(a, b), _| (b, a + b)).0)
        .await
        .expect("the numbers fit")
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
