//! Copies the data, and lets the blocking pool digest it.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let (cpu_work, data) = (cpu_work.clone(), data.to_vec());
    spawn_blocking(move || cpu_work.digest(0, &data))
        .await
        .expect("the job does not panic")
}
