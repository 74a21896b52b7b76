//! `try_acquire_owned` doesn't wait. Jobs that find no permit are dropped.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        if let Ok(permit) = Arc::clone(&semaphore).try_acquire_owned() {
            tasks.spawn(async move {
                let _permit = permit;
                job.await;
            });
        }
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
