//! Takes a thousand paths at a time. The window slides in each, and is empty between two.

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut pages = Vec::new();
    for chunk in paths.chunks(1000) {
        let calls = stream::iter(chunk).map(|path| upstream.fetch(path));
        pages.extend(calls.buffered(limit.get()).collect::<Vec<_>>().await);
    }
    pages
}
