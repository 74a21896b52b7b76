//! Every answer is an `Ok` to reqwest, and its text is taken for a user.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            let body = request.send().await?.bytes().await?;
            serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
