//! Assumes that the calls end in the order in which they were made.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    calls.collect().await
}
