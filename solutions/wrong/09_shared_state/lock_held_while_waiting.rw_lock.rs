//! Readers share an `RwLock`, but whoever fetches holds it for writing during the call.

use tokio::sync::RwLock;

pub struct Cache {
    upstream: Upstream,
    pages: RwLock<HashMap<String, Arc<Page>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: RwLock::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(page) = self.pages.read().await.get(path) {
            return Ok(page.clone());
        }
        let mut pages = self.pages.write().await;
        if let Some(page) = pages.get(path) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        pages.insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
