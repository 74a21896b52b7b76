//! `buffered(1000)` is a limit too: call 1001 waits for the first.

use futures::{StreamExt as _, stream};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(1000)
        .collect()
        .await
}
