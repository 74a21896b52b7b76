//! "They come backwards, so I reverse them." They come as they end, and that's backwards only if the last path is the
//! fastest.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let upstream = Arc::clone(&upstream);
        tasks.spawn(async move { upstream.fetch(&path).await });
    }
    let mut pages = tasks.join_all().await;
    pages.reverse();
    pages
}
