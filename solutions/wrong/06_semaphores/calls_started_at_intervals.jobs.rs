//! An interval lets one job begin every 10 ms, even if permits are free.

use std::time::Duration;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut pace = tokio::time::interval(Duration::from_millis(10));
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        pace.tick().await;
        tasks.spawn(async move {
            let _permit = permit;
            job.await;
        });
        while let Some(ended) = tasks.try_join_next() {
            completed += usize::from(ended.is_ok());
        }
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
