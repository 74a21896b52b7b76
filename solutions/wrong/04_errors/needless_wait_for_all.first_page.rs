//! Looks for the first success only when every call has ended.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
