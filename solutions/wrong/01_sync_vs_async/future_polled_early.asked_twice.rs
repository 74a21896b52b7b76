//! Polls to see whether the page is there already, and asks again if it isn't.

use futures::FutureExt as _;

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let first = upstream.fetch(path).now_or_never();
    async move {
        match first {
            Some(page) => page.body,
            None => upstream.fetch(path).await.body,
        }
    }
}
