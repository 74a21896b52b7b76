//! Spawns a task only to watch another one. Awaiting the handle reports a panic too.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get() {
            let ended = tasks.join_next().await;
            completed += usize::from(ended.is_some_and(|ended| ended.is_ok_and(|done| done)));
        }
        tasks.spawn(async move { tokio::spawn(job).await.is_ok() });
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok_and(|done| done));
    }
    completed
}
