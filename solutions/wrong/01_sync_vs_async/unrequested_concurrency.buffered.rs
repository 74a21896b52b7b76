//! `buffered(2)` yields in order, and makes one call ahead.

use futures::{StreamExt as _, stream};

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(2)
        .map(|page| page.body)
        .collect()
        .await
}
