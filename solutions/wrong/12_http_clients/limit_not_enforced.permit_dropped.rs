//! The permit is gone before the request is sent.

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let semaphore = &Semaphore::new(limit.get());
        let requests = ids.iter().map(|&id| async move {
            let _ = semaphore.acquire().await;
            self.user(id).await
        });
        join_all(requests).await
    }
}
