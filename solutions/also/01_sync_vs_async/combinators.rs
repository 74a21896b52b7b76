//! Also right: the combinators of the `futures` crate, which turn one future or stream into another. `then` polls one
//! future at a time; `map` and `lazy` don't begin anything.

use async_workbook::services::upstream::Upstream;
use futures::{FutureExt as _, StreamExt as _, stream};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).map(|page| page.body).await
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    stream::iter(paths)
        .then(|path| upstream.fetch(path))
        .map(|page| page.body)
        .collect()
        .await
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    upstream.fetch(path).map(|page| page.body)
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
