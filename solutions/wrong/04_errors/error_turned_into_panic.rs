//! `fetch` panics where `get` returns an error, so there's no error left to return.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    Ok(join_all(paths.iter().map(|path| upstream.fetch(path))).await)
}
