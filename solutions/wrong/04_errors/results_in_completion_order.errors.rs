//! Keeps the errors in the order in which they came.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.get(path)).collect();
    let mut errors = Vec::new();
    while let Some(result) = calls.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
