//! Wrong: the blocking pool computes, and the `block_on` of another executor keeps this thread until it
//! has.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::task::spawn_blocking;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    futures::executor::block_on(job).expect("the job does not panic")
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
