//! Takes a thousand paths at a time. Within a chunk the window slides, but between two it runs empty.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(1000) {
        let calls = stream::iter(chunk).map(|path| upstream.fetch(path));
        pages.extend(calls.buffered(limit.get()).collect::<Vec<_>>().await);
    }
    pages
}
