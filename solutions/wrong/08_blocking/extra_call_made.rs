//! Computes the number on another thread to see whether that works, and then computes it here.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let elsewhere = cpu_work.clone();
    spawn_blocking(move || elsewhere.fib(n))
        .await
        .expect("the job does not panic");
    cpu_work.fib(n)
}
