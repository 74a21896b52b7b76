//! Checks the number of tasks only after it has spawned the next one.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        tasks.spawn(job);
        if tasks.len() > limit.get() {
            let ended = tasks.join_next().await;
            completed += usize::from(ended.is_some_and(|ended| ended.is_ok()));
        }
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
