//! Takes an async fn for one that runs elsewhere. What stands in it runs on the thread that polls
//! it, from one await to the next.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    cpu_work.fib(n)
}
