//! The limit ends with the headers. The body may take as long as it likes.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let response = match timeout(self.timeout, accepted(request)).await {
            Ok(response) => response.map_err(|failed| failed.error)?,
            Err(_elapsed) => return Err(ApiError::Timeout),
        };
        let body = response.bytes().await?;
        serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
    }
}
