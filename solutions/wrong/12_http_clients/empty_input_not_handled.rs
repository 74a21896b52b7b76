//! Takes the first id to begin with, and there may be none.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let first = ids[0];
        let requests = ids
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, self.user(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        debug_assert!(ids.contains(&first), "the first is asked for");
        results.into_iter().map(|(_, result)| result).collect()
    }
}
