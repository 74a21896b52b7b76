//! Polls once. If the call isn't done by then, drops it and returns an empty text.

use futures::FutureExt as _;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.fetch(path).now_or_never();
    page.map(|page| page.body).unwrap_or_default()
}
