//! Each path has a lock of its own, but the guard of the map is kept while a caller waits for it.

use tokio::sync::Mutex as AsyncMutex;

pub struct Cache {
    upstream: Upstream,
    pages: AsyncMutex<HashMap<String, Arc<AsyncMutex<Option<Arc<Page>>>>>>,
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
        let mut slot = pages.entry(path.to_owned()).or_default().lock().await;
        if let Some(page) = &*slot {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        *slot = Some(page.clone());
        Ok(page)
    }
}
