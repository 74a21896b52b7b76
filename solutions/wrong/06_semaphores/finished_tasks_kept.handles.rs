//! A list of all handles keeps every task that has ended.

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut handles = Vec::new();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        handles.push(tokio::spawn(async move {
            let _permit = permit;
            job.await;
        }));
    }
    let ended = join_all(handles).await;
    ended.iter().filter(|ended| ended.is_ok()).count()
}
