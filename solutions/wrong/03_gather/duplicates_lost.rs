//! Identifies pages by their path, so the second of two equal paths finds nothing.

use std::collections::HashMap;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls = paths
        .iter()
        .map(|path| async { (*path, upstream.fetch(path).await) });
    let mut pages: HashMap<_, _> = join_all(calls).await.into_iter().collect();
    paths.iter().filter_map(|path| pages.remove(path)).collect()
}
