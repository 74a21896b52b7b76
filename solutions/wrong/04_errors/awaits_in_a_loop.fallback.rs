//! Asks for the next path only when the one before has failed. That saves calls, but adds up their latencies.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut errors = Vec::new();
    for path in paths {
        match upstream.get(path).await {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
