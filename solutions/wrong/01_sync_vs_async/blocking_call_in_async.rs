//! `async` in front of a function does not make the calls in it async. This one blocks, and the runtime,
//! whose thread it would keep, panics.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch_blocking(path).body
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
