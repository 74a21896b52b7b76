//! All tasks run, but the loop looks at them in the order of the paths, so a failed call waits behind a slow one.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let (upstream, path) = (upstream.clone(), (*path).to_owned());
            tokio::spawn(async move { upstream.get(&path).await })
        })
        .collect();
    let mut pages = Vec::new();
    for task in tasks {
        pages.push(task.await.expect("no task panics")?);
    }
    Ok(pages)
}
