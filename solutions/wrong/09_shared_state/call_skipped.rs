//! Reports only the first visit of each path.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        if number == 1 {
            self.audit.get(path).await?;
        }
        Ok(number)
    }
}
