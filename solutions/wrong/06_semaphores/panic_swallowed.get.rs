//! `get` returns an error where `fetch` panics, and `unwrap_or_default` turns it into no pages.

use futures::{StreamExt as _, TryStreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| Ok::<_, UpstreamError>(upstream.get(path)))
        .try_buffered(limit.get())
        .try_collect()
        .await
        .unwrap_or_default()
}
