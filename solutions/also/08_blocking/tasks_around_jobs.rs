//! Also right: a task that awaits the job; a task that owns a copy of the data, and yields before each chunk; a local
//! task around the blocking job.

use async_workbook::services::cpu_work::CpuWork;
use std::{
    fs::OpenOptions,
    io,
    io::{LineWriter, Write as _},
    path::Path,
};
use tokio::task::{LocalSet, spawn_blocking, spawn_local, yield_now};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let task = tokio::spawn(async move {
        let job = spawn_blocking(move || cpu_work.fib(n));
        job.await.expect("the computation does not panic")
    });
    task.await.expect("the job does not panic")
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let (cpu_work, data) = (cpu_work.clone(), data.to_vec());
    let task = tokio::spawn(async move {
        let mut sum = 0;
        for chunk in data.chunks(CHUNK / 4) {
            yield_now().await;
            sum = cpu_work.digest(sum, chunk);
        }
        sum
    });
    task.await.expect("the task does not panic")
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let task = async move {
        let job = spawn_blocking(move || {
            let file = OpenOptions::new().append(true).create(true).open(path)?;
            let mut file = LineWriter::new(file);
            for line in &lines {
                file.write_all(line.as_bytes())?;
                file.write_all(b"\n")?;
            }
            file.flush()?;
            Ok(lines.len())
        });
        job.await?
    };
    let tasks = LocalSet::new();
    tasks.run_until(async { spawn_local(task).await? }).await
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_blocking::grade!();
