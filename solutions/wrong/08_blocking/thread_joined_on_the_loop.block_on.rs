//! Wrong: `block_on` within a runtime. It would keep the thread until the job is done, and so tokio panics.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path};
use tokio::{runtime::Handle, task::spawn_blocking};

pub async fn fib(cruncher: &Cruncher, n: u64) -> u64 {
    let cruncher = cruncher.clone();
    let job = spawn_blocking(move || cruncher.fib(n));
    Handle::current()
        .block_on(job)
        .expect("the job does not panic")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &Cruncher, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(_: &Path, _: Vec<String>) -> io::Result<usize> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
