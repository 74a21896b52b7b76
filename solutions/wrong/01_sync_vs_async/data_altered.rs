//! A page has a path and a body, and this returns the path.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.path
}
