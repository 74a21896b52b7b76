//! Calling `fetch` makes a future. Without `.await` nobody polls it, and no call is made.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let mut body = String::new();
    let _ = async { body = upstream.fetch(path).await.body };
    body
}
