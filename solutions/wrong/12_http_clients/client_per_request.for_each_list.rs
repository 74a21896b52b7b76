//! Makes an `Api` for each list of users, so each has a client of its own.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let api = &Api::new(&self.base, self.timeout);
        let requests = ids
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, api.user(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
