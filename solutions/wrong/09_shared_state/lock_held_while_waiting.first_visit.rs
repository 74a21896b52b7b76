//! A path that's known needs the lock for a moment only. The first visit of a path keeps it during its call.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::RwLock;

pub struct Counters {
    audit: Upstream,
    visits: RwLock<HashMap<String, Arc<AtomicU64>>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: RwLock::default(),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let known = self.visits.read().await.get(path).cloned();
        if let Some(count) = known {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            self.audit.get(path).await?;
            return Ok(number);
        }
        let mut visits = self.visits.write().await;
        let count = visits.entry(path.to_owned()).or_default();
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        loop {
            if let Ok(visits) = self.visits.try_read() {
                return visits
                    .get(path)
                    .map_or(0, |count| count.load(Ordering::SeqCst));
            }
        }
    }
}
