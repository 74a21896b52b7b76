//! The time limit is the client's, and begins anew with each attempt.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let key = new_key();
        let mut attempt = 1;
        loop {
            let request = self.client.post(format!("{}/users", self.base));
            let request = request
                .timeout(self.timeout)
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(user);
            let failed = match user_in(request).await {
                Ok(user) => return Ok(user),
                Err(failed) => failed,
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
