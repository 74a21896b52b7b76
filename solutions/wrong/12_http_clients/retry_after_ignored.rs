//! Waits for as long as it likes, and not for as long as the service asks.

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
            let failed = match timeout_at(deadline, user_in(request)).await {
                Ok(Ok(user)) => return Ok(user),
                Ok(Err(failed)) => failed,
                Err(_elapsed) => return Err(ApiError::Timeout),
            };
            if attempt == ATTEMPTS || failed.pause().is_none() || PAUSE > deadline - Instant::now()
            {
                return Err(failed.error);
            }
            sleep(PAUSE).await;
            attempt += 1;
        }
    }
}
