//! `async` in front of a function does not make the calls in it async. This one blocks, and the runtime,
//! whose thread it would keep, panics.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch_blocking(path).body
}
