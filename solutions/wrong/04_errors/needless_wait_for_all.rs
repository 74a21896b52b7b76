//! `join_all` ends with the slowest call, and only then does `?` look at the results.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    let mut pages = Vec::new();
    for result in results {
        pages.push(result?);
    }
    Ok(pages)
}
