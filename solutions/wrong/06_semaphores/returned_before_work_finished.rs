//! Spawns the last jobs, and doesn't wait for them. Dropping the set aborts them.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get() {
            let ended = tasks.join_next().await;
            completed += usize::from(ended.is_some_and(|ended| ended.is_ok()));
        }
        tasks.spawn(job);
    }
    completed + tasks.len()
}
