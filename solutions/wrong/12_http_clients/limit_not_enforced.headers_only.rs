//! Gives the permit back when the headers have come.

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let free = &Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS));
        let requests = ids.iter().map(|&id| async move {
            let permit = free.acquire().await.expect("it's never closed");
            let request = self.client.get(format!("{}/users/{id}", self.base));
            let user = async {
                let response = accepted(request).await?;
                drop(permit);
                let body = response.bytes().await?;
                serde_json::from_slice(&body).map_err(|_| Failed::from(ApiError::Decode))
            };
            match timeout(self.timeout, user).await {
                Ok(user) => user.map_err(|failed| failed.error),
                Err(_elapsed) => Err(ApiError::Timeout),
            }
        });
        join_all(requests).await
    }
}
