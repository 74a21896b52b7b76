//! Spawns a group, waits for all of it, and only then spawns the next.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut jobs = jobs.into_iter().peekable();
    let mut completed = 0;
    while jobs.peek().is_some() {
        let mut group: JoinSet<()> = jobs.by_ref().take(limit.get()).collect();
        while let Some(ended) = group.join_next().await {
            completed += usize::from(ended.is_ok());
        }
    }
    completed
}
