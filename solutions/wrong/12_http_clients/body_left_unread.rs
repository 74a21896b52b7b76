//! `error_for_status` drops the response, and with it the connection whose answer nobody read.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            let response = request.send().await?.error_for_status();
            let body = match response {
                Ok(response) => response.bytes().await?,
                Err(error) => {
                    let code = error.status().map_or(0, |status| status.as_u16());
                    let text = error.to_string();
                    return Err(ApiError::Status { code, text });
                }
            };
            serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
