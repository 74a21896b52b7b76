//! Keeps asking whether the job is done, and doesn't let anybody else run in between.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    while !job.is_finished() {
        std::hint::spin_loop();
    }
    job.await.expect("the job does not panic")
}
