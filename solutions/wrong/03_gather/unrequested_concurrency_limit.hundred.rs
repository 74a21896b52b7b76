//! A hundred is what HTTP clients usually allow, but nobody asked for a limit.

use futures::{StreamExt as _, stream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(100)
        .collect()
        .await
}
