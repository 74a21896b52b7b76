//! Wrong: awaits a lock that nobody holds, which is ready at once.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path};
use tokio::sync::Mutex;

pub async fn fib(_: &CpuWork, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let sum = Mutex::new(0);
    for chunk in data.chunks(CHUNK) {
        let mut sum = sum.lock().await;
        *sum = cpu_work.digest(*sum, chunk);
    }
    sum.into_inner()
}

pub async fn append_log(_: &Path, _: Vec<String>) -> io::Result<usize> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
