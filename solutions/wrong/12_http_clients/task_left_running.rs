//! The limit is around the handle of a task, and the request goes on.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let call = tokio::spawn(user_in(request));
        match timeout(self.timeout, call).await {
            Ok(user) => {
                let user = user.expect("it doesn't panic");
                user.map_err(|failed| failed.error)
            }
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
