//! Computes the number itself, though on another thread.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    spawn_blocking(move || (0..n).fold((0, 1), |(a, b), _| (b, a + b)).0)
        .await
        .expect("the numbers fit")
}
