//! A caller who is woken goes on without checking again. But a wake-up from before may be stored, and doesn't mean that
//! there's room.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    places: Arc<Places>,
}

struct Places {
    free: AtomicUsize,
    freed: Notify,
}

struct Place(Arc<Places>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, Ordering::Relaxed);
        self.0.freed.notify_one();
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        let free = AtomicUsize::new(limit.get());
        let freed = Notify::new();
        Self {
            upstream,
            places: Arc::new(Places { free, freed }),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        if self.places.free.load(Ordering::Relaxed) == 0 {
            self.places.freed.notified().await;
        }
        self.places.free.fetch_sub(1, Ordering::Relaxed);
        let _place = Place(Arc::clone(&self.places));
        self.upstream.get(path).await
    }
}
