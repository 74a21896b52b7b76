//! Takes the first `limit` paths, and leaves out the others.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let first = paths.iter().take(limit.get());
    join_all(first.map(|path| upstream.fetch(path))).await
}
