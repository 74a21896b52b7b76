//! `?` in a loop returns at the first error, but until then it makes one call at a time.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(upstream.get(path).await?);
    }
    Ok(pages)
}
