//! The bodies come in the order of the paths, but all calls are made at the same time.

use futures::future::join_all;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let pages = join_all(paths.iter().map(|path| upstream.fetch(path))).await;
    pages.into_iter().map(|page| page.body).collect()
}
