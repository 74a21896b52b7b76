//! Also right: a `JoinSet` of blocking jobs; a fold over a stream of chunks; one string, which a task puts
//! together, written with one call.

use async_workbook::services::cpu_work::CpuWork;
use futures::{StreamExt as _, stream};
use std::{fs::File, io, io::Write as _, path::Path};
use tokio::{
    runtime::Handle,
    task::{JoinSet, yield_now},
};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let mut jobs = JoinSet::new();
    jobs.spawn_blocking(move || cpu_work.fib(n));
    let joined = jobs.join_next().await.expect("there is one job");
    joined.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

pub const CHUNK: usize = 4096;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    stream::iter(data.chunks(CHUNK))
        .fold(0, async |sum, chunk| {
            let sum = cpu_work.digest(sum, chunk);
            yield_now().await;
            sum
        })
        .await
}

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let count = lines.len();
    // A task is no job of the blocking pool.
    let text = tokio::spawn(async move {
        let lines = lines.into_iter().flat_map(|line| [line, "\n".to_owned()]);
        lines.collect::<String>()
    });
    let text = text.await?;
    let path = path.to_owned();
    let write = move || {
        let mut file = File::options().append(true).create(true).open(path)?;
        // Nothing of it stays in a buffer of this program's.
        file.write_all(text.as_bytes())
    };
    Handle::current().spawn_blocking(write).await??;
    Ok(count)
}

#[cfg(test)]
#[path = "../../../exercises/hidden/08_blocking.rs"]
mod hidden;
