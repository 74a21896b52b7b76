//! One `spawn` around everything is one task.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let all =
        tokio::spawn(async move { join_all(paths.iter().map(|path| upstream.fetch(path))).await });
    all.await.expect("the task does not panic")
}
