//! Each piece has the whole limit for itself, as with `read_timeout`.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let mut response = match timeout(self.timeout, accepted(request)).await {
            Ok(response) => response.map_err(|failed| failed.error)?,
            Err(_elapsed) => return Err(ApiError::Timeout),
        };
        let mut body = Vec::new();
        loop {
            match timeout(self.timeout, response.chunk()).await {
                Ok(Ok(Some(piece))) => body.extend_from_slice(&piece),
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(error.into()),
                Err(_elapsed) => return Err(ApiError::Timeout),
            }
        }
        serde_json::from_slice(&body).map_err(|_| ApiError::Decode)
    }
}
