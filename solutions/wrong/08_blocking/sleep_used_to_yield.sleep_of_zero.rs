//! Expects a sleep of 0 to act like Python's `asyncio.sleep(0)`. It waits for the next millisecond.

use std::time::Duration;

use tokio::time::sleep;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
        sleep(Duration::ZERO).await;
    }
    sum
}
