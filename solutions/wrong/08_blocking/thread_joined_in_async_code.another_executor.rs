//! The blocking pool computes, and the `block_on` of another executor blocks this thread until it's done.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    futures::executor::block_on(job).expect("the job does not panic")
}
