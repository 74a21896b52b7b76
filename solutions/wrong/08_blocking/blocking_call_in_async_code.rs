//! Expects an async fn to run elsewhere. Its code runs on the thread that polls it, from one await to the next.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    cpu_work.fib(n)
}
