//! Makes a semaphore with `limit` permits, however many these are.

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let free = &Semaphore::new(limit.get());
        let requests = ids.iter().map(|&id| async move {
            let _permit = free.acquire().await.expect("it's never closed");
            self.user(id).await
        });
        join_all(requests).await
    }
}
