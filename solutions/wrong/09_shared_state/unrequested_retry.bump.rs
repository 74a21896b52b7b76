//! Reports a visit again when its call failed.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        if self.audit.get(path).await.is_err() {
            self.audit.get(path).await?;
        }
        Ok(number)
    }
}
