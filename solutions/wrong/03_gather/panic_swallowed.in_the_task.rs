//! Catches the failure inside the task, and returns an empty page.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move {
                let page = upstream.get(&path).await;
                page.unwrap_or(Page {
                    path,
                    body: String::new(),
                })
            })
        })
        .collect();
    let joined = join_all(tasks).await.into_iter();
    joined.map(|page| page.expect("no task panics")).collect()
}
