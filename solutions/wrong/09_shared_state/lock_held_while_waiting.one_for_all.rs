//! One lock for all paths is held during the call, so each page waits for every other.

use tokio::sync::Mutex as AsyncMutex;

pub struct Cache {
    upstream: Upstream,
    pages: AsyncMutex<HashMap<String, Arc<Page>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: AsyncMutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let mut pages = self.pages.lock().await;
        if let Some(page) = pages.get(path) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        pages.insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
