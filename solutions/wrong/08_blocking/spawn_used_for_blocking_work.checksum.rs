//! Digests everything in a task of its own, on the same thread.

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let (cpu_work, data) = (cpu_work.clone(), data.to_vec());
    tokio::spawn(async move { cpu_work.digest(0, &data) })
        .await
        .expect("the task does not panic")
}
