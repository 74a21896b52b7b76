//! Also right: a thread that sends its result over a oneshot channel; a future that digests one chunk a
//! poll; lines sent one by one to one blocking job.

use async_workbook::services::cpu_work::CpuWork;
use std::{
    fs::OpenOptions,
    future::poll_fn,
    io,
    io::{BufWriter, Write as _},
    path::Path,
    task::Poll,
    thread,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || sender.send(cpu_work.fib(n)));
    // A thread that panics drops its sender, and so the panic goes on here.
    receiver.await.expect("the thread sends the result")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut chunks = data.chunks(CHUNK);
    let mut sum = 0;
    poll_fn(|context| match chunks.next() {
        None => Poll::Ready(sum),
        Some(chunk) => {
            sum = cpu_work.digest(sum, chunk);
            // Ready again at once, but behind all that is ready already.
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let (sender, mut receiver) = mpsc::channel::<String>(8);
    let job = spawn_blocking(move || {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let mut file = BufWriter::new(file);
        let mut count = 0;
        while let Some(line) = receiver.blocking_recv() {
            writeln!(file, "{line}")?;
            count += 1;
        }
        file.flush()?;
        Ok(count)
    });
    for line in lines {
        // The job is gone: its result says why.
        if sender.send(line).await.is_err() {
            break;
        }
    }
    drop(sender);
    job.await?
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
