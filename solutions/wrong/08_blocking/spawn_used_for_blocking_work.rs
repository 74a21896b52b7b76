//! Spawns a task, which the runtime polls on the only thread that it has.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    tokio::spawn(async move { cpu_work.fib(n) })
        .await
        .expect("the task does not panic")
}
