//! A hundred is the customary limit of HTTP clients, and a limit all the same.

use futures::{StreamExt as _, stream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(100)
        .collect()
        .await
}
