//! The client asks the service to close the connection after each answer.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let url = format!("{}/users/{id}", self.base);
        let request = self.client.get(url).header("Connection", "close");
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
