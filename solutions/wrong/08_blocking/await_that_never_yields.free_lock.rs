//! Awaits a lock that's free, and so ready at once.

use tokio::sync::Mutex;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let sum = Mutex::new(0);
    for chunk in data.chunks(CHUNK) {
        let mut sum = sum.lock().await;
        *sum = cpu_work.digest(*sum, chunk);
    }
    sum.into_inner()
}
