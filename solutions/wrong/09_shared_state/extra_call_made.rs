//! Makes a call to see whether the path exists, and another one to report the visit.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        self.audit.get(path).await?;
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        self.audit.get(path).await?;
        Ok(number)
    }
}
