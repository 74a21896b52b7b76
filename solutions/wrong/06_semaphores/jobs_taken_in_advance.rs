//! Few jobs run at a time, but all of them are put in a `Vec` before the first begins.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let jobs: Vec<_> = jobs.into_iter().collect();
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get() {
            let ended = tasks.join_next().await;
            completed += usize::from(ended.is_some_and(|ended| ended.is_ok()));
        }
        tasks.spawn(job);
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
