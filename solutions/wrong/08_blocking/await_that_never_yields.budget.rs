//! `consume_budget` gives way only when the task's budget is used up, after 128 chunks.

use tokio::task::coop::consume_budget;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
        consume_budget().await;
    }
    sum
}
