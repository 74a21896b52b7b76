//! Asks for one user after the other.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let mut results = Vec::new();
        for &id in ids {
            results.push(self.user(id).await);
        }
        results
    }
}
