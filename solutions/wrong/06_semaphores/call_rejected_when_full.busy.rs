//! Tells the caller that the service is busy, instead of waiting for a permit.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self
            .permits
            .try_acquire()
            .map_err(|full| UpstreamError::Transport {
                path: path.to_owned(),
                reason: full.to_string(),
            })?;
        self.upstream.get(path).await
    }
}
