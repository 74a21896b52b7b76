//! Returns the first error, and not the last.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let mut first = None;
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
            let pause = failed.pause();
            let error = first.take().unwrap_or(failed.error);
            match pause {
                Some(pause) if attempt < ATTEMPTS && pause <= deadline - Instant::now() => {
                    first = Some(error);
                    sleep(pause).await;
                }
                _ => return Err(error),
            }
            attempt += 1;
        }
    }
}
