//! `let _ = permit` doesn't move the permit into the task. It stays behind in the loop.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        tasks.spawn(async move {
            let _ = permit;
            job.await;
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
