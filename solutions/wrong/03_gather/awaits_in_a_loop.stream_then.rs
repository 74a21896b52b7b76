//! A stream looks concurrent, but `then` polls one future at a time.

use futures::{StreamExt as _, stream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    stream::iter(paths)
        .then(|path| upstream.fetch(path))
        .collect()
        .await
}
