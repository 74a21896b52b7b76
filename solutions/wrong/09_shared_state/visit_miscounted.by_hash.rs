//! 64 counters, chosen by the hash of the path: some paths share one.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::atomic::{AtomicU64, Ordering},
};

pub struct Counters {
    audit: Upstream,
    visits: [AtomicU64; 64],
}

fn place(path: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    (hasher.finish() % 64) as usize
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: [const { AtomicU64::new(0) }; 64],
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = self.visits[place(path)].fetch_add(1, Ordering::SeqCst) + 1;
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        self.visits[place(path)].load(Ordering::SeqCst)
    }
}
