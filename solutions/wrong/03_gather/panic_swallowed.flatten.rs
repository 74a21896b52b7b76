//! `flatten` over `Result`s keeps what is `Ok`, and drops every `JoinError`.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    join_all(tasks).await.into_iter().flatten().collect()
}
