//! Joins a chunk at a time, so each chunk waits for the slowest call of the one before.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(2) {
        pages.extend(join_all(chunk.iter().map(|path| upstream.fetch(path))).await);
    }
    pages
}
