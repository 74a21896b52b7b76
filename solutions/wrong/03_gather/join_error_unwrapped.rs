//! `abort_all` is meant to close the set, and it ends the set's tasks.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut tasks = JoinSet::new();
    for (index, path) in paths.into_iter().enumerate() {
        let upstream = Arc::clone(&upstream);
        tasks.spawn(async move { (index, upstream.fetch(&path).await) });
    }
    tasks.abort_all();
    let mut pages = tasks.join_all().await;
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}
