//! A semaphore for each call, whose permits nobody else asks for.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let calls = paths.iter().map(|path| async move {
        let semaphore = Semaphore::new(limit.get());
        let _permit = semaphore.acquire().await.expect("it is never closed");
        upstream.fetch(path).await
    });
    join_all(calls).await
}

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = JoinSet::new();
    for job in jobs {
        let semaphore = Arc::new(Semaphore::new(limit.get()));
        let permit = semaphore.acquire_owned().await;
        tasks.spawn(async move {
            let _permit = permit;
            job.await;
        });
    }
    let mut completed = 0;
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
