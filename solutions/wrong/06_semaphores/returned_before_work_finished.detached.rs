//! The permits say how many jobs run, but not when the last have ended.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut spawned = 0;
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        tokio::spawn(async move {
            let _permit = permit;
            job.await;
        });
        spawned += 1;
    }
    spawned
}
