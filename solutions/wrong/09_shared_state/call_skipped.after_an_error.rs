//! Once a report has failed, no visit is reported any more.

use std::sync::atomic::{AtomicBool, Ordering};

pub struct Counters {
    audit: Upstream,
    visits: Mutex<HashMap<String, u64>>,
    down: AtomicBool,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
            down: AtomicBool::new(false),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        if !self.down.load(Ordering::SeqCst)
            && let Err(error) = self.audit.get(path).await
        {
            self.down.store(true, Ordering::SeqCst);
            return Err(error);
        }
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        self.visits.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}
