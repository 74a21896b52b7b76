//! Each call has a task, but no task starts until the one before it has ended.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        let task = tokio::spawn(async move { upstream.fetch(&path).await });
        pages.push(task.await.expect("the task does not panic"));
    }
    pages
}
