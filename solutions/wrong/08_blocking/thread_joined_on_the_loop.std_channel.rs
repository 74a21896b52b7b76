//! Wrong: the `recv` of a channel of `std` keeps the thread until something is sent.

use async_workbook::heartbeat::Cruncher;
use std::{io, path::Path, sync::mpsc, thread};

pub async fn fib(cruncher: &Cruncher, n: u64) -> u64 {
    let cruncher = cruncher.clone();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(cruncher.fib(n)));
    receiver.recv().expect("the thread sends the result")
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
