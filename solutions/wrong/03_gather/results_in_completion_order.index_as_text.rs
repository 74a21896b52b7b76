//! Keeps the index, but sorts it as text: 10 comes before 2.

use std::collections::BTreeMap;

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index.to_string(), upstream.fetch(path).await) })
        .collect();
    let pages: BTreeMap<_, _> = calls.collect().await;
    pages.into_values().collect()
}
