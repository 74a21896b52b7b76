//! An error gives back a second permit, besides the one that the guard gives back.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let answer = self.upstream.get(path).await;
        if answer.is_err() {
            self.permits.add_permits(1);
        }
        answer
    }
}
