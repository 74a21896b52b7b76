//! Gives way once, and then computes everything on the runtime's thread.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    yield_now().await;
    cpu_work.fib(n)
}
