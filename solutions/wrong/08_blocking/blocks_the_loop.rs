//! Wrong: takes an async fn for one that runs elsewhere. What stands in it runs on the thread that polls
//! it, from one await to the next.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path};

pub async fn fib(cruncher: &Cruncher, n: u64) -> u64 {
    cruncher.fib(n)
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
