//! `blocking_lock` panics on a thread of the runtime.

use tokio::sync::Mutex as AsyncMutex;

pub struct Counters {
    audit: Upstream,
    visits: AsyncMutex<HashMap<String, u64>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: AsyncMutex::default(),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().await;
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        let visits = self.visits.blocking_lock();
        visits.get(path).copied().unwrap_or(0)
    }
}
