//! Takes a user for none if the answer isn't called JSON.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, called_json(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}

async fn called_json(request: RequestBuilder) -> Result<User, Failed> {
    let response = accepted(request).await?;
    let kind = response.headers().get("content-type");
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let body = response.bytes().await?;
    if !is_json {
        return Err(ApiError::Decode.into());
    }
    serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into())
}
