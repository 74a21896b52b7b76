//! Unwraps the outcome of a task, so the task's panic becomes its own.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get()
            && let Some(ended) = tasks.join_next().await
        {
            ended.expect("the job completes");
            completed += 1;
        }
        tasks.spawn(job);
    }
    completed + tasks.join_all().await.len()
}
