//! A map keyed by path has room for one of two equal paths.

use std::collections::HashMap;

use futures::{StreamExt as _, stream};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let pages: HashMap<&str, Page> = stream::iter(paths)
        .map(|&path| async move { (path, upstream.fetch(path).await) })
        .buffer_unordered(limit.get())
        .collect()
        .await;
    let mut pages: Vec<_> = paths.iter().map(|path| pages[path].clone()).collect();
    pages.dedup();
    pages
}
