//! `join!` polls its futures one after another, on the same thread.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let (value, ()) = tokio::join!(async { cpu_work.fib(n) }, tokio::task::yield_now());
    value
}
