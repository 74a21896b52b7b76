//! Asks whether the page is there, and then asks for it again.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    if let Err(error) = upstream.get(path).await {
        panic!("{error}");
    }
    upstream.fetch(path).await.body
}
