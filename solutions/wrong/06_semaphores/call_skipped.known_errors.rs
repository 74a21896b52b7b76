//! Remembers which paths failed, and doesn't ask for them again.

use std::{collections::HashMap, sync::Mutex};

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    failed: Arc<Mutex<HashMap<String, UpstreamError>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            failed: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let known = self
            .failed
            .lock()
            .expect("nobody panics under this lock")
            .get(path)
            .cloned();
        if let Some(error) = known {
            return Err(error);
        }
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let answer = self.upstream.get(path).await;
        if let Err(error) = &answer {
            let mut failed = self.failed.lock().expect("nobody panics under this lock");
            failed.insert(path.to_owned(), error.clone());
        }
        answer
    }
}
