//! Makes the call on a task of its own, which goes on when the visit is dropped.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let (audit, path) = (self.audit.clone(), path.to_owned());
        let call = tokio::spawn(async move { audit.get(&path).await });
        call.await.unwrap()?;
        Ok(number)
    }
}
