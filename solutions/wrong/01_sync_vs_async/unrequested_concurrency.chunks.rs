//! Makes two calls at a time, pair after pair.

use futures::future::join_all;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for pair in paths.chunks(2) {
        let pages = join_all(pair.iter().map(|path| upstream.fetch(path))).await;
        bodies.extend(pages.into_iter().map(|page| page.body));
    }
    bodies
}
