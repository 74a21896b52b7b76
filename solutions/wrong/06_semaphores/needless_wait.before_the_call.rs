//! Holds a permit for a moment before its call begins.

use std::time::Duration;

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.upstream.get(path).await
    }
}
