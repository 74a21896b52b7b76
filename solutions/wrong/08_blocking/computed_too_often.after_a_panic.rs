//! Wrong: takes a panic for something that may pass, and computes again.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::spawn_blocking;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let first = cpu_work.clone();
    if let Ok(value) = spawn_blocking(move || first.fib(n)).await {
        return value;
    }
    let second = cpu_work.clone();
    spawn_blocking(move || second.fib(n))
        .await
        .expect("the second attempt does not panic")
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
