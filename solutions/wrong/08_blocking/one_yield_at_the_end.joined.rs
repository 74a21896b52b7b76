//! A future for each chunk, and each of them yields. But they're joined, so they all yield together.

use std::cell::Cell;

use futures::future::join_all;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let sum = Cell::new(0);
    let chunks = data.chunks(CHUNK).map(async |chunk| {
        sum.set(cpu_work.digest(sum.get(), chunk));
        yield_now().await;
    });
    join_all(chunks).await;
    sum.get()
}
