//! Wrong: makes the chunks longer, so that there are fewer of them.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path};
use tokio::task::yield_now;

pub async fn fib(_: &Cruncher, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 2 * 4096;

pub async fn checksum(cruncher: &Cruncher, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cruncher.digest(sum, chunk);
        yield_now().await;
    }
    sum
}

pub async fn append_log(_: &Path, _: Vec<String>) -> io::Result<usize> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
