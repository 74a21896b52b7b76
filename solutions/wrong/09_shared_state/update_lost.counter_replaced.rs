//! Looks for the counter of a path under a lock for reading, and inserts one under a lock for writing. In between,
//! somebody else may have inserted theirs.

use std::sync::{
    RwLock,
    atomic::{AtomicU64, Ordering},
};

pub struct Counters {
    audit: Upstream,
    visits: RwLock<HashMap<String, AtomicU64>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: RwLock::default(),
        }
    }

    fn add(&self, path: &str) -> u64 {
        if let Some(count) = self.visits.read().unwrap().get(path) {
            return count.fetch_add(1, Ordering::SeqCst) + 1;
        }
        let mut visits = self.visits.write().unwrap();
        visits.insert(path.to_owned(), AtomicU64::new(1));
        1
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = self.add(path);
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        let visits = self.visits.read().unwrap();
        visits
            .get(path)
            .map_or(0, |count| count.load(Ordering::SeqCst))
    }
}
