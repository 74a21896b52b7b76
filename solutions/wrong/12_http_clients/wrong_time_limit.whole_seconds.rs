//! Passes on whole seconds, as a configuration file has them.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let limit = Duration::from_secs(self.timeout.as_secs());
        match timeout(limit, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
