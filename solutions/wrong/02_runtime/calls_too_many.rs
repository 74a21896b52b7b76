//! A call that failed is made again, unasked.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(async {
            match self.upstream.get(path).await {
                Err(_) => self.upstream.get(path).await,
                page => page,
            }
        })
    }
}
