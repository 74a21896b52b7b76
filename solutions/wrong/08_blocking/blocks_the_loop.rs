//! Wrong: takes an async fn for one that runs elsewhere. What stands in it runs on the thread that polls
//! it, from one await to the next.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
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
