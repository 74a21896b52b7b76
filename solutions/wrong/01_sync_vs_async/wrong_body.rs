//! A page has a path and a body, and this is the path.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.path
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
