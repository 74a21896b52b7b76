//! The job on the pool only makes a future, which is then polled here.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || async move { cpu_work.fib(n) });
    job.await.expect("the job does not panic").await
}
