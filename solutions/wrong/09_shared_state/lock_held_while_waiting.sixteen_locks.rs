//! Sixteen locks for all paths, held during the call: paths that share a lock wait for each other.

use std::hash::{DefaultHasher, Hash, Hasher};
use tokio::sync::Mutex as AsyncMutex;

pub struct Cache {
    upstream: Upstream,
    stripes: Vec<AsyncMutex<HashMap<String, Arc<Page>>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            stripes: (0..16).map(|_| AsyncMutex::default()).collect(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let mut pages = self.stripes[(hasher.finish() % 16) as usize].lock().await;
        if let Some(page) = pages.get(path) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        pages.insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
