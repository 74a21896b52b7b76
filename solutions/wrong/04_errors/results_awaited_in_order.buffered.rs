//! `buffered` polls all calls, but returns their results in the order of the paths: the first page of these isn't the
//! first that came.

use futures::stream;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut results = stream::iter(paths)
        .map(|path| upstream.get(path))
        .buffered(paths.len().max(1));
    let mut errors = Vec::new();
    while let Some(result) = results.next().await {
        match result {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
