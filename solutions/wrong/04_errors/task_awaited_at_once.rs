//! Each task is awaited before the next one is spawned.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut errors = Vec::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        let task = tokio::spawn(async move { upstream.get(&path).await });
        match task.await.expect("no task panics") {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
