//! A failure closes the semaphore, so callers who wait for a permit are refused.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let Ok(_permit) = self.permits.acquire().await else {
            return Err(UpstreamError::Status {
                path: path.to_owned(),
                status: 429,
            });
        };
        let answer = self.upstream.get(path).await;
        if matches!(answer, Err(UpstreamError::Status { status: 503, .. })) {
            self.permits.close();
        }
        answer
    }
}
