//! Iterators are lazy, so each task is spawned only when the loop asks for it.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks = paths.into_iter().map(|path| {
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move { upstream.fetch(&path).await })
    });
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.expect("the task does not panic"));
    }
    pages
}
