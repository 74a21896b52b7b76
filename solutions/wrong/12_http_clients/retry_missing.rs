//! Sends the request once.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let request = self
            .client
            .post(format!("{}/users", self.base))
            .bearer_auth(token)
            .header("Idempotency-Key", new_key())
            .json(user);
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
