//! Wrong: reads the whole file and writes it again, which are two jobs; what others append in between is
//! lost.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path};

pub async fn fib(_: &Cruncher, _: u64) -> u64 {
    todo!("another task")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(_: &Cruncher, _: &[u8]) -> u64 {
    todo!("another task")
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let mut text = match tokio::fs::read_to_string(path).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    for line in &lines {
        text += line;
        text += "\n";
    }
    tokio::fs::write(path, text).await?;
    Ok(lines.len())
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
