//! Checks every ten milliseconds whether the job is done.

use std::time::Duration;

use tokio::time::sleep;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    while !job.is_finished() {
        sleep(Duration::from_millis(10)).await;
    }
    job.await.expect("the job does not panic")
}
