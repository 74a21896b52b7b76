//! `fetch` panics in its task, and the error made from the `JoinError` doesn't say what the service answered.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let (upstream, path) = (upstream.clone(), (*path).to_owned());
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let mut results = Vec::new();
    for (&path, task) in std::iter::zip(paths, tasks) {
        results.push(task.await.map_err(|error| Failed {
            path: path.to_owned(),
            error: UpstreamError::Transport {
                path: path.to_owned(),
                reason: error.to_string(),
            },
        }));
    }
    results
}
