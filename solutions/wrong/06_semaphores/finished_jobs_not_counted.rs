//! Joins the jobs that end while the loop still spawns, and doesn't count them.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    for job in jobs {
        if tasks.len() == limit.get() {
            tasks.join_next().await;
        }
        tasks.spawn(job);
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
