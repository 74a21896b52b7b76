//! Joins the tasks only when all jobs are spawned, so the set keeps every one until then.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        tasks.spawn(async move {
            let _permit = permit;
            job.await;
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
