//! Returns the permit as the output of its task, which keeps it until somebody joins the task.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        tasks.spawn(async move {
            job.await;
            permit
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
