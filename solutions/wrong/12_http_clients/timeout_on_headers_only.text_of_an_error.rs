//! The limit ends with the headers if these say that something is wrong.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let Ok(response) = timeout_at(deadline, request.send()).await else {
            return Err(ApiError::Timeout);
        };
        let response = response?;
        let status = response.status();
        if !status.is_success() {
            let code = status.as_u16();
            let text = response.text().await?;
            return Err(ApiError::Status { code, text });
        }
        let Ok(body) = timeout_at(deadline, response.bytes()).await else {
            return Err(ApiError::Timeout);
        };
        serde_json::from_slice(&body?).map_err(|_| ApiError::Decode)
    }
}
