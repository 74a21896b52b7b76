//! A lock for each path, held during the call: visits of one path wait for each other.

use tokio::sync::Mutex as AsyncMutex;

pub struct Counters {
    audit: Upstream,
    visits: Mutex<HashMap<String, Arc<AsyncMutex<u64>>>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
        }
    }

    fn of(&self, path: &str) -> Arc<AsyncMutex<u64>> {
        self.visits
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .clone()
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let count = self.of(path);
        let mut count = count.lock().await;
        *count += 1;
        self.audit.get(path).await?;
        Ok(*count)
    }

    pub fn visits(&self, path: &str) -> u64 {
        *self.of(path).try_lock().unwrap()
    }
}
