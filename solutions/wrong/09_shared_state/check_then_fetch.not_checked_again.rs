//! Callers wait for the lock of the path, and then don't look whether the page has come.

use tokio::sync::Mutex as AsyncMutex;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Arc<Page>>>,
    locks: Mutex<HashMap<String, Arc<AsyncMutex<()>>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
            locks: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(page) = self.pages.lock().unwrap().get(path) {
            return Ok(page.clone());
        }
        let lock = self
            .locks
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .clone();
        let _guard = lock.lock().await;
        let page = Arc::new(self.upstream.get(path).await?);
        self.pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
