//! Fetches once to see whether the page exists, and then once more.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    if let Err(error) = upstream.get(path).await {
        panic!("{error}");
    }
    upstream.fetch(path).await.body
}
