//! Asks again for whatever failed.

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids.iter().enumerate().map(|(position, &id)| async move {
            let user = match self.user(id).await {
                Err(ApiError::Status { code: 503, .. }) => self.user(id).await,
                user => user,
            };
            (position, user)
        });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
