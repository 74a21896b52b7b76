//! Makes the calls once to see whether they succeed, and once more for their pages.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let calls = || {
        stream::iter(paths)
            .map(|path| upstream.fetch(path))
            .buffered(limit.get())
    };
    calls().count().await;
    calls().collect().await
}
