//! Cuts the data into chunks, but doesn't await anything between them.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = cpu_work.digest(sum, chunk);
    }
    sum
}
