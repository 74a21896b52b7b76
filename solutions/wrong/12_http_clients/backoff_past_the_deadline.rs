//! Waits for as long as the service asks, and is ended by the limit.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let attempts = async {
            let key = new_key();
            let mut attempt = 1;
            loop {
                let request = self.client.post(format!("{}/users", self.base));
                let request = request
                    .bearer_auth(token)
                    .header("Idempotency-Key", &key)
                    .json(user);
                let failed = match user_in(request).await {
                    Ok(user) => return Ok(user),
                    Err(failed) => failed,
                };
                match failed.pause() {
                    Some(pause) if attempt < ATTEMPTS => sleep(pause).await,
                    _ => return Err(failed.error),
                }
                attempt += 1;
            }
        };
        match timeout(self.timeout, attempts).await {
            Ok(user) => user,
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
