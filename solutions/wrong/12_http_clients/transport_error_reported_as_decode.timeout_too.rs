//! Asks for `is_decode` first, which is true of a body that came too late as well.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let url = format!("{}/users/{id}", self.base);
        let request = self.client.get(url).timeout(self.timeout);
        let response = accepted(request).await.map_err(|failed| failed.error)?;
        response.json().await.map_err(|error| match error {
            error if error.is_decode() => ApiError::Decode,
            error => error.into(),
        })
    }
}
