//! Skips the `Err` of a task that panicked, and silently loses its page.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let mut pages = Vec::new();
    for task in tasks {
        if let Ok(page) = task.await {
            pages.push(page);
        }
    }
    pages
}
