//! Asks for one chunk after the other, and each waits for its slowest.

use futures::future::join_all;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let mut results = Vec::new();
        for chunk in ids.chunks(limit.get()) {
            results.extend(join_all(chunk.iter().map(|&id| self.user(id))).await);
        }
        results
    }
}
