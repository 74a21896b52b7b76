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
}
