//! Gives up the call after half a minute.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let half_a_minute = std::time::Duration::from_secs(30);
        match tokio::time::timeout(half_a_minute, self.audit.get(path)).await {
            Ok(called) => called.map(|_| number),
            Err(_) => Ok(number),
        }
    }
}
