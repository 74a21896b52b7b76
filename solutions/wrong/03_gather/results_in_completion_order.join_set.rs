//! `JoinSet::join_all` returns the outputs in the order in which the tasks ended.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.spawn(async move { upstream.fetch(&path).await });
    }
    tasks.join_all().await
}
