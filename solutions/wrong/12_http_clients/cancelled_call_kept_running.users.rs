//! Each request is a task of its own, which goes on when its caller has gone.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Semaphore;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let semaphore = Arc::new(Semaphore::new(limit.get()));
        let tasks = ids.iter().map(|&id| {
            let semaphore = Arc::clone(&semaphore);
            let request = self.client.get(format!("{}/users/{id}", self.base));
            let limit = self.timeout;
            tokio::spawn(async move {
                let _permit = semaphore.acquire().await.expect("it's never closed");
                match timeout(limit, user_in(request)).await {
                    Ok(user) => user.map_err(|failed| failed.error),
                    Err(_elapsed) => Err(ApiError::Timeout),
                }
            })
        });
        let results = join_all(tasks).await.into_iter();
        results
            .map(|result| result.expect("it doesn't panic"))
            .collect()
    }
}
