//! Leaves the call to a task, and returns.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let (audit, path) = (self.audit.clone(), path.to_owned());
        tokio::spawn(async move { audit.get(&path).await });
        Ok(number)
    }
}
