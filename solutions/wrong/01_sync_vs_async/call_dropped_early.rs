//! Polls once. A call that is not done by then is dropped, and an empty text put in its place.

use futures::FutureExt as _;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.fetch(path).now_or_never();
    page.map(|page| page.body).unwrap_or_default()
}
