//! `buffer_unordered` yields each page when its call ends, wherever its path was.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffer_unordered(limit.get())
        .collect()
        .await
}
