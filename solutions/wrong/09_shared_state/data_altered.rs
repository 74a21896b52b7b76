//! One cell for all paths, so every path has the page that was fetched first.

pub struct Cache {
    upstream: Upstream,
    page: OnceCell<Arc<Page>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            page: OnceCell::new(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        Ok(self.page.get_or_try_init(call).await?.clone())
    }
}
