//! Collects one outcome for every other job, so half of them pile up.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for (index, job) in jobs.into_iter().enumerate() {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        tasks.spawn(async move {
            let _permit = permit;
            job.await;
        });
        if index % 2 == 0
            && let Some(ended) = tasks.try_join_next()
        {
            completed += usize::from(ended.is_ok());
        }
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
