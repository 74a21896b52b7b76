//! Wrong: `JoinSet::spawn` takes a future, as `tokio::spawn` does; `JoinSet::spawn_blocking` is the one for
//! a closure.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::JoinSet;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { cpu_work.fib(n) });
    tasks.join_all().await[0]
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
