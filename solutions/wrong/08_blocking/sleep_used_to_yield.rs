//! A sleep gives way, but then it waits although there's nothing to wait for.

use std::time::Duration;

use tokio::time::sleep;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
        sleep(Duration::from_millis(1)).await;
    }
    sum
}
