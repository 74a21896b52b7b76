//! A task that ends by itself, but an hour later.

use std::time::Duration;

use tokio::time::sleep;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    tokio::spawn(sleep(Duration::from_secs(60 * 60)));
    upstream.fetch(path).await.body
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
