//! Gives the upstream a rest after an error, and the caller has to wait for it.

use std::time::Duration;

use tokio::time::sleep;

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let answer = self.upstream.get(path).await;
        if answer.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        answer
    }
}
