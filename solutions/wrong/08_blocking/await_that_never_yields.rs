//! Expects every `.await` to give others a turn. This future is ready at once.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = async { cpu_work.digest(sum, chunk) }.await;
    }
    sum
}
