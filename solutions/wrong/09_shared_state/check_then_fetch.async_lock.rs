//! A tokio mutex, taken to look and taken again to store: between the two, everybody fetches.

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
        let known = self.pages.lock().await.get(path).cloned();
        if let Some(page) = known {
            return Ok(page);
        }
        let page = Arc::new(self.upstream.get(path).await?);
        self.pages
            .lock()
            .await
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
