//! A task of its own asks over and over whether the job has ended.

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let task = tokio::spawn(async move {
        let job = spawn_blocking(move || cpu_work.fib(n));
        while !job.is_finished() {
            yield_now().await;
        }
        job.await.expect("the computation does not panic")
    });
    task.await.expect("the job does not panic")
}
