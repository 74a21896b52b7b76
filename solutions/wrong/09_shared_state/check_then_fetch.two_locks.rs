//! Looks for the page under one lock and marks the path under another. If the page comes in between, it's fetched again.

use std::collections::HashSet;
use tokio::sync::{Mutex as AsyncMutex, Notify};

pub struct Cache {
    upstream: Upstream,
    pages: AsyncMutex<HashMap<String, Arc<Page>>>,
    fetching: Mutex<HashSet<String>>,
    ended: Notify,
}

struct Mark<'a>(&'a Cache, &'a str);

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        self.0.fetching.lock().unwrap().remove(self.1);
        self.0.ended.notify_waiters();
    }
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: AsyncMutex::default(),
            fetching: Mutex::default(),
            ended: Notify::new(),
        }
    }

    async fn page(&self, path: &str) -> Option<Arc<Page>> {
        self.pages.lock().await.get(path).cloned()
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        loop {
            if let Some(page) = self.page(path).await {
                return Ok(page);
            }
            let ended = self.ended.notified();
            // For the log: how many pages are there already?
            let _pages = self.pages.lock().await.len();
            if self.fetching.lock().unwrap().insert(path.to_owned()) {
                break;
            }
            ended.await;
        }
        let _mark = Mark(self, path);
        let page = Arc::new(self.upstream.get(path).await?);
        self.pages
            .lock()
            .await
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
