//! Gives way after every sixteen chunks, since a yield for each seems too many.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for (index, chunk) in data.chunks(CHUNK).enumerate() {
        sum = cpu_work.digest(sum, chunk);
        if index % 16 == 15 {
            yield_now().await;
        }
    }
    sum
}
