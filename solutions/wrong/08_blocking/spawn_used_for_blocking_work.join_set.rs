//! `JoinSet::spawn` takes a future, as `tokio::spawn` does. For a closure, there's `JoinSet::spawn_blocking`.

use tokio::task::JoinSet;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { cpu_work.fib(n) });
    tasks.join_all().await[0]
}
