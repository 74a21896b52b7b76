//! Waits for its turn for five seconds, and then refuses.

use std::time::Duration;

use tokio::time::timeout;

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let permit = timeout(Duration::from_secs(5), self.permits.acquire()).await;
        let _permit = permit.map_err(|elapsed| UpstreamError::Transport {
            path: path.to_owned(),
            reason: elapsed.to_string(),
        })?;
        self.upstream.get(path).await
    }
}
