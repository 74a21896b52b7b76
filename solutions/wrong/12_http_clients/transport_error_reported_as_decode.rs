//! `json()` has one kind of error for a body that broke off and for one that is not JSON.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let url = format!("{}/users/{id}", self.base);
        let request = self.client.get(url).timeout(self.timeout);
        let response = accepted(request).await.map_err(|failed| failed.error)?;
        response.json().await.map_err(|error| match error {
            error if error.is_timeout() => ApiError::Timeout,
            error if error.is_decode() => ApiError::Decode,
            error => error.into(),
        })
    }
}
