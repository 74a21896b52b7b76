//! Eight worker tasks, one for each thread. The calls of one worker share its task.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let workers: Vec<_> = paths
        .chunks(paths.len().div_ceil(8).max(1))
        .map(|paths| {
            let (upstream, paths) = (Arc::clone(&upstream), paths.to_vec());
            tokio::spawn(
                async move { join_all(paths.iter().map(|path| upstream.fetch(path))).await },
            )
        })
        .collect();
    let mut pages = Vec::new();
    for worker in workers {
        pages.extend(worker.await.expect("no worker panics"));
    }
    pages
}
