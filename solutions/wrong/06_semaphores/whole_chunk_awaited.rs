//! Joins a chunk at a time. Each chunk waits for the slowest call of the one before.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(limit.get()) {
        pages.extend(join_all(chunk.iter().map(|path| upstream.fetch(path))).await);
    }
    pages
}
