//! The paths are in order, but the texts beside them are in the order in which the calls ended.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let bodies: Vec<_> = calls.map(|page| page.body).collect().await;
    std::iter::zip(paths, bodies)
        .map(|(path, body)| Page {
            path: (*path).to_owned(),
            body,
        })
        .collect()
}
