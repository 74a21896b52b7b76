//! The headers have one limit, and each piece of the body another.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let response = match timeout(self.timeout, accepted(request)).await {
            Ok(response) => response.map_err(|failed| failed.error)?,
            Err(_elapsed) => return Err(ApiError::Timeout),
        };
        match timeout(self.timeout, response.bytes()).await {
            Ok(body) => serde_json::from_slice(&body?).map_err(|_| ApiError::Decode),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
