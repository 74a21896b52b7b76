//! Wrong: `block_in_place` hands the other tasks of a worker to another one. A runtime with one thread has
//! no other, and it panics.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path};
use tokio::task::block_in_place;

pub async fn fib(cruncher: &Cruncher, n: u64) -> u64 {
    block_in_place(|| cruncher.fib(n))
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
