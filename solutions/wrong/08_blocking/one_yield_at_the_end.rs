//! Yields below the loop instead of inside it.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
    }
    yield_now().await;
    sum
}
