//! Sorts by the first place of each path, so equal paths end up together.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let mut pages: Vec<_> = calls.collect().await;
    pages.sort_by_key(|page| paths.iter().position(|path| *path == page.path));
    pages
}
