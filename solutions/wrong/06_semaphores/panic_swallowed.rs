//! `flatten` skips every `Err`, even that of a task that panicked.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let mut tasks = Vec::new();
    for path in paths {
        let permit = Arc::clone(&semaphore).acquire_owned().await;
        let (upstream, path) = (upstream.clone(), path.to_string());
        tasks.push(tokio::spawn(async move {
            let _permit = permit;
            upstream.fetch(&path).await
        }));
    }
    let mut pages = Vec::new();
    for task in tasks {
        pages.extend(task.await);
    }
    pages
}
