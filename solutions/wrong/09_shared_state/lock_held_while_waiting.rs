//! The guard of a tokio mutex lives to the end of `bump`, so it's held during the call.

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
        let mut visits = self.visits.lock().await;
        let count = visits.entry(path.to_owned()).or_insert(0);
        *count += 1;
        self.audit.get(path).await?;
        Ok(*count)
    }

    pub fn visits(&self, path: &str) -> u64 {
        let visits = self.visits.try_lock().expect("nobody holds it");
        visits.get(path).copied().unwrap_or(0)
    }
}
