//! Wrong: a timeout cannot end what does not give way: it looks at the clock after the first poll, and then
//! the result is there.

use async_workbook::services::cpu_work::CpuWork;
use std::{io, path::Path, time::Duration};
use tokio::time::timeout;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    timeout(Duration::from_secs(1), async { cpu_work.fib(n) })
        .await
        .expect("a second is enough")
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
