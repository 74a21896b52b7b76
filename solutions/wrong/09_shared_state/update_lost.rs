//! Reads under one lock and writes under the next.

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
        let before = self.visits.lock().await.get(path).copied().unwrap_or(0);
        let number = before + 1;
        self.visits.lock().await.insert(path.to_owned(), number);
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        loop {
            if let Ok(visits) = self.visits.try_lock() {
                return visits.get(path).copied().unwrap_or(0);
            }
        }
    }
}
