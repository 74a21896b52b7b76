//! `buffered` keeps the order, and starts nothing new while the first in the row is slow.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids.iter().map(|&id| self.user(id));
        stream::iter(requests).buffered(limit.get()).collect().await
    }
}
