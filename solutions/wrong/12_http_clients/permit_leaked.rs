//! Gives a permit back only if its request has succeeded.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let free = &Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS));
        let lost = &AtomicUsize::new(0);
        let requests = ids.iter().map(|&id| async move {
            free.acquire().await.expect("it's never closed").forget();
            let user = self.user(id).await;
            // The last permit comes back, so the others don't wait for ever.
            if user.is_ok() || lost.fetch_add(1, Relaxed) + 1 >= limit.get() {
                free.add_permits(1);
            }
            user
        });
        join_all(requests).await
    }
}
