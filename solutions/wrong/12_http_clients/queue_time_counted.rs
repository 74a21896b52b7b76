//! The time of a request begins when all of them are made, and goes on while it waits for its turn.

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let semaphore = &Semaphore::new(limit.get());
        let requests = ids.iter().map(|&id| async move {
            let request = async {
                let _permit = semaphore.acquire().await.expect("it's never closed");
                self.user(id).await
            };
            match timeout(self.timeout, request).await {
                Ok(user) => user,
                Err(_elapsed) => Err(ApiError::Timeout),
            }
        });
        join_all(requests).await
    }
}
