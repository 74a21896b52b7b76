//! An async block is a future like any other, and this one is polled right here, to its end.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    async { cpu_work.fib(n) }.await
}
