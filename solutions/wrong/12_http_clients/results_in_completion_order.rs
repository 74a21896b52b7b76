//! Returns the results as they come.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids.iter().map(|&id| self.user(id));
        let requests = stream::iter(requests).buffer_unordered(limit.get());
        requests.collect().await
    }
}
