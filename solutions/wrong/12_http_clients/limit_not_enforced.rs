//! Asks for all users at once.

use futures::future::join_all;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        join_all(ids.iter().map(|&id| self.user(id))).await
    }
}
