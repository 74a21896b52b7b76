//! Keeps asking whether the job is done. Others run in between, but a core is busy for nothing.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    while !job.is_finished() {
        yield_now().await;
    }
    job.await.expect("the job does not panic")
}
