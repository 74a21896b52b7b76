//! Digests everything in one piece.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    cpu_work.digest(0, data)
}
