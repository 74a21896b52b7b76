//! Awaits each handle to wait for it, and then again for its page.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = Vec::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.push(tokio::spawn(async move { upstream.fetch(&path).await }));
    }
    for task in &mut tasks {
        task.await.unwrap();
    }
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.unwrap());
    }
    pages
}
