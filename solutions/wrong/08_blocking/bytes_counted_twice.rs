//! Each range includes both of its ends, so neighbours share a byte.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    let mut start = 0;
    while start < data.len() {
        let end = (start + CHUNK - 1).min(data.len() - 1);
        sum = cpu_work.digest(sum, &data[start..=end]);
        start = if end + 1 < data.len() {
            end
        } else {
            data.len()
        };
        yield_now().await;
    }
    sum
}
