//! Keeps one permit free for a call that's never made.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered((limit.get() - 1).max(1))
        .collect()
        .await
}
