//! Chunks keep `try_join_all` at 30 futures or fewer, and each chunk waits for the one before.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(30) {
        pages.extend(try_join_all(chunk.iter().map(|path| upstream.get(path))).await?);
    }
    Ok(pages)
}
