//! `block_on` inside a runtime would block the thread until the job is done, so tokio panics.

use tokio::runtime::Handle;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let job = spawn_blocking(move || cpu_work.fib(n));
    Handle::current()
        .block_on(job)
        .expect("the job does not panic")
}
