//! Takes 200 for the only good status, and a 201 for an error.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let key = new_key();
        let mut attempt = 1;
        loop {
            let request = self.client.post(format!("{}/users", self.base));
            let request = request
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(user);
            let created = async {
                let response = request.send().await?;
                let code = response.status().as_u16();
                let body = response.bytes().await?;
                if code == 200 {
                    return serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into());
                }
                let text = String::from_utf8_lossy(&body).into_owned();
                Err(Failed::from(ApiError::Status { code, text }))
            };
            let failed = match timeout_at(deadline, created).await {
                Ok(Ok(user)) => return Ok(user),
                Ok(Err(failed)) => failed,
                Err(_elapsed) => return Err(ApiError::Timeout),
            };
            match failed.pause() {
                Some(pause) if attempt < ATTEMPTS && pause <= deadline - Instant::now() => {
                    sleep(pause).await;
                }
                _ => return Err(failed.error),
            }
            attempt += 1;
        }
    }
}
