//! `is_request` is true of whatever went wrong before the headers came, a timeout as well.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let url = format!("{}/users/{id}", self.base);
        let request = self.client.get(url).timeout(self.timeout);
        let response = request.send().await.map_err(|error| match error {
            error if error.is_redirect() => ApiError::Redirect,
            error if error.is_request() => ApiError::Connect,
            error => error.into(),
        })?;
        let status = response.status();
        let body = response.bytes().await?;
        if !status.is_success() {
            let code = status.as_u16();
            let text = String::from_utf8_lossy(&body).into_owned();
            return Err(ApiError::Status { code, text });
        }
        serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
    }
}
