//! Takes an error whose text isn't UTF-8 for bad JSON.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, in_utf8(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}

async fn in_utf8(request: RequestBuilder) -> Result<User, Failed> {
    let response = request.send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into());
    }
    let Ok(text) = String::from_utf8(body.to_vec()) else {
        return Err(ApiError::Decode.into());
    };
    let code = status.as_u16();
    Err(ApiError::Status { code, text }.into())
}
