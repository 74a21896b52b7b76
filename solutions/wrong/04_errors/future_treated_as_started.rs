//! Makes all futures at the top, but a future does nothing until it's polled, and the loop polls one at a time.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let calls: Vec<_> = paths.iter().map(|path| upstream.get(path)).collect();
    let mut pages = Vec::new();
    for call in calls {
        pages.push(call.await?);
    }
    Ok(pages)
}
