//! `#[tokio::main]` stands for a runtime that is built at each call.

pub struct BlockingClient {
    upstream: Upstream,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        #[tokio::main]
        async fn call(upstream: &Upstream, path: &str) -> Result<Page, UpstreamError> {
            upstream.get(path).await
        }
        call(&self.upstream, path)
    }
}
