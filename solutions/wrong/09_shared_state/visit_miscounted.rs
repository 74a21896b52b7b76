//! Returns the count as it was before the visit.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let before = self.visits(path);
        *self
            .visits
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_insert(0) += 1;
        self.audit.get(path).await?;
        Ok(before)
    }
}
