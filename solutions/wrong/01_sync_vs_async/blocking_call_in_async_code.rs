//! `async` in front of a function doesn't make the calls in it async. This one would block the runtime's thread, so the
//! runtime panics.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch_blocking(path).body
}
