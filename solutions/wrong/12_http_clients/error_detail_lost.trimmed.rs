//! Takes the white space off both ends of the text of an error, where it may matter.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            let response = request.send().await?;
            let status = response.status();
            let body = response.bytes().await?;
            if !status.is_success() {
                let code = status.as_u16();
                let text = String::from_utf8_lossy(&body).trim().to_owned();
                return Err(ApiError::Status { code, text });
            }
            serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
