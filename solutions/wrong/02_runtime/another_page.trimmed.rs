//! The text is tidied up on its way.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let mut page = self.runtime.block_on(self.upstream.get(path))?;
        page.body = page.body.trim().to_owned();
        Ok(page)
    }
}
