//! Returns the count as it was before the visit.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            std::mem::replace(count, *count + 1)
        };
        self.audit.get(path).await?;
        Ok(number)
    }
}
