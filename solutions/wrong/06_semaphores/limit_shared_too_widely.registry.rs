//! Looks up the semaphore by its limit, so clients with the same limit share it.

use std::{collections::BTreeMap, sync::Mutex};

static BY_LIMIT: Mutex<BTreeMap<NonZeroUsize, Arc<Semaphore>>> = Mutex::new(BTreeMap::new());

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        let mut by_limit = BY_LIMIT.lock().expect("nobody panics under this lock");
        let permits = by_limit
            .entry(limit)
            .or_insert_with(|| Arc::new(Semaphore::new(limit.get())));
        Self {
            upstream,
            permits: Arc::clone(permits),
        }
    }
}
