//! Also right: a variable for the page; recursion, whose future must be boxed to have a size; an `async fn`, which is a
//! function that returns such a future.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.fetch(path).await;
    page.body
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let Some((first, rest)) = paths.split_first() else {
        return Vec::new();
    };
    let mut bodies = vec![upstream.fetch(first).await.body];
    bodies.extend(Box::pin(in_order(upstream, rest)).await);
    bodies
}

pub async fn prepare(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.body
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
