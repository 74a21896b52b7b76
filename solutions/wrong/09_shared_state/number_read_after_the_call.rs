//! Counts before the call and reads the count after it, when others have been counted too.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        *self
            .visits
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_insert(0) += 1;
        self.audit.get(path).await?;
        Ok(self.visits(path))
    }
}
