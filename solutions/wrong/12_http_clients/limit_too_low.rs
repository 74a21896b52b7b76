//! Never has more than ten in flight, whatever it is allowed.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, self.user(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get().min(10))
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
