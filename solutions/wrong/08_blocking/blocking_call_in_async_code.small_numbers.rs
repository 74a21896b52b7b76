//! Takes small numbers for free. But a limit that fits one machine, or one library, doesn't fit the next.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    if n < 10 {
        return cpu_work.fib(n);
    }
    let cpu_work = cpu_work.clone();
    spawn_blocking(move || cpu_work.fib(n))
        .await
        .expect("the job does not panic")
}
