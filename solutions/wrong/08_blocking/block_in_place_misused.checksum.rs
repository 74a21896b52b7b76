//! `block_in_place` panics on a `current_thread` runtime, and wouldn't give way between the chunks.

use tokio::task::block_in_place;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    block_in_place(|| cpu_work.digest(0, data))
}
