//! The permit stays in the loop, and is dropped at the end of each turn. The task runs without one.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Semaphore::new(limit.get());
    let mut tasks = JoinSet::new();
    for job in jobs {
        let _permit = semaphore.acquire().await.expect("it is never closed");
        tasks.spawn(job);
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
