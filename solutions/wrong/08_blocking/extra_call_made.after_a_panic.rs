//! Treats a panic as something that may pass, and computes again.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let first = cpu_work.clone();
    if let Ok(value) = spawn_blocking(move || first.fib(n)).await {
        return value;
    }
    let second = cpu_work.clone();
    spawn_blocking(move || second.fib(n))
        .await
        .expect("the second attempt does not panic")
}
