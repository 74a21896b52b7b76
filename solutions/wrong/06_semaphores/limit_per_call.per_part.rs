//! A semaphore for each part of the service, chosen by the beginning of the path.

use std::{collections::HashMap, sync::Mutex};

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    limit: NonZeroUsize,
    parts: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit,
            parts: Arc::default(),
        }
    }

    fn permits(&self, path: &str) -> Arc<Semaphore> {
        let part = path.split('/').next().unwrap_or_default().to_owned();
        let mut parts = self.parts.lock().expect("nobody panics under this lock");
        let permits = parts.entry(part);
        Arc::clone(permits.or_insert_with(|| Arc::new(Semaphore::new(self.limit.get()))))
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permits = self.permits(path);
        let _permit = permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
