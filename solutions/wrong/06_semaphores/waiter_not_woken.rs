//! The guard of a counter gives the slot back, but the next in line is woken by code that a dropped call never reaches.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    limit: usize,
    places: Arc<Places>,
}

#[derive(Default)]
struct Places {
    taken: AtomicUsize,
    freed: Notify,
}

struct Place<'a>(&'a Places);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit: limit.get(),
            places: Arc::default(),
        }
    }

    async fn place(&self) -> Place<'_> {
        loop {
            let free = |taken| (taken < self.limit).then_some(taken + 1);
            let taken = &self.places.taken;
            if taken
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, free)
                .is_ok()
            {
                return Place(&self.places);
            }
            self.places.freed.notified().await;
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let place = self.place().await;
        let answer = self.upstream.get(path).await;
        drop(place);
        self.places.freed.notify_one();
        answer
    }
}
