//! Waits before it asks, to be gentle to the service.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        sleep(Duration::from_millis(50)).await;
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
