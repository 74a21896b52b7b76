//! Counts when the call has ended, so a visit that fails or is dropped is never counted.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        self.audit.get(path).await?;
        let mut visits = self.visits.lock().unwrap();
        let count = visits.entry(path.to_owned()).or_insert(0);
        *count += 1;
        Ok(*count)
    }
}
