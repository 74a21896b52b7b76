//! A `JoinSet` returns its outputs in the order in which the tasks end.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = JoinSet::new();
    for path in paths {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        let (upstream, path) = (upstream.clone(), path.to_string());
        tasks.spawn(async move {
            let _permit = permit;
            upstream.fetch(&path).await
        });
    }
    tasks.join_all().await
}
