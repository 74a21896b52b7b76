//! Checks how the last task ended, and none of the others.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let mut pages = Vec::new();
    let mut last = None;
    for task in tasks {
        let joined = task.await;
        if let Ok(page) = &joined {
            pages.push(page.clone());
        }
        last = Some(joined);
    }
    if let Some(Err(error)) = last {
        std::panic::resume_unwind(error.into_panic());
    }
    pages
}
