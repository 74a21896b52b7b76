//! A task sends the request, and goes on when its caller has gone.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let limit = self.timeout;
        let call = tokio::spawn(async move { timeout(limit, user_in(request)).await });
        match call.await.expect("it doesn't panic") {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    async fn ask(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, self.ask(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
