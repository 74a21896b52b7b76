//! An answer that is not JSON is taken for one that broke off.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            let response = accepted(request).await.map_err(|failed| failed.error)?;
            let user: User = response.json().await?;
            Ok(user)
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
