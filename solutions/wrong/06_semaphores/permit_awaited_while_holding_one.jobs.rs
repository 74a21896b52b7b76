//! The loop takes a permit for the task, and the task takes another one for the job.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        let semaphore = Arc::clone(&semaphore);
        tasks.spawn(async move {
            let _for_the_task = permit;
            let _for_the_job = semaphore.acquire().await.expect("it is never closed");
            job.await;
        });
        while let Some(ended) = tasks.try_join_next() {
            completed += usize::from(ended.is_ok());
        }
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
