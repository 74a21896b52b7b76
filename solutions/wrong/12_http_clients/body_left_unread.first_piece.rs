//! Reads the first piece of an error's text, which is enough for a message.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            let mut response = request.send().await?;
            let status = response.status();
            if !status.is_success() {
                let piece = response.chunk().await?.unwrap_or_default();
                let code = status.as_u16();
                let text = String::from_utf8_lossy(&piece).into_owned();
                return Err(ApiError::Status { code, text });
            }
            let body = response.bytes().await?;
            serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
