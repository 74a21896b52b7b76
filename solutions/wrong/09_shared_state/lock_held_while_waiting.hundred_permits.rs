//! A semaphore lets a hundred visits report at once, and all others wait.

use tokio::sync::Semaphore;

pub struct Counters {
    audit: Upstream,
    visits: Mutex<HashMap<String, u64>>,
    reports: Semaphore,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
            reports: Semaphore::new(100),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let _permit = self.reports.acquire().await.unwrap();
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        self.visits.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}
