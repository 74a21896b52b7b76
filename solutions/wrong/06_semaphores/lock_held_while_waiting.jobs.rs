//! Each task holds a permit, and a lock that all of them share.

use tokio::sync::Mutex;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let turn = Arc::new(Mutex::new(()));
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        let turn = Arc::clone(&turn);
        tasks.spawn(async move {
            let _permit = permit;
            let _turn = turn.lock().await;
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
