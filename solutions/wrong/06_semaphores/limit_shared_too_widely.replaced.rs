//! The newest client sets the limit of all existing ones.

use std::sync::Mutex;

static PERMITS: Mutex<Option<Arc<Semaphore>>> = Mutex::new(None);

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        let permits = Arc::new(Semaphore::new(limit.get()));
        *PERMITS.lock().expect("nobody panics under this lock") = Some(permits);
        Self { upstream }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permits = PERMITS
            .lock()
            .expect("nobody panics under this lock")
            .clone();
        let permits = permits.expect("`new` has set it");
        let _permit = permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }
}
