//! Awaiting a handle fails only if its task panics. An error that the task returns is the output of a successful
//! handle, so `try_join_all` waits on.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let tasks = paths.iter().map(|path| {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tokio::spawn(async move { upstream.get(&path).await })
    });
    let results = try_join_all(tasks).await.expect("no task panics");
    results.into_iter().collect()
}
