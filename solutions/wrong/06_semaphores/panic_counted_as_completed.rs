//! Counts the jobs that it spawned. All of them have ended, but not all have completed.

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
    // Whoever holds all permits knows that no job is left.
    let all = semaphore.acquire_many(limit.get() as u32).await;
    all.expect("it is never closed");
    spawned
}
