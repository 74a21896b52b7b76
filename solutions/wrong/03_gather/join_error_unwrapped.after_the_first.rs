//! Aborts the remaining tasks, and then unwraps their pages.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.spawn(async move { upstream.fetch(&path).await });
    }
    let mut pages = Vec::new();
    if let Some(page) = tasks.join_next().await {
        pages.push(page.unwrap());
    }
    tasks.abort_all();
    pages.extend(tasks.join_all().await);
    pages
}
