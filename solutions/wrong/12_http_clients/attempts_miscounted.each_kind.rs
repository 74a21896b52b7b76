//! Counts the attempts that were refused, and those that broke, each by themselves.

impl Api {
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let key = new_key();
        let (mut refused, mut broken) = (1, 1);
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
            let attempt = match failed.error {
                ApiError::Status { .. } => &mut refused,
                _ => &mut broken,
            };
            match failed.pause() {
                Some(pause) if *attempt < ATTEMPTS && pause <= deadline - Instant::now() => {
                    sleep(pause).await;
                }
                _ => return Err(failed.error),
            }
            *attempt += 1;
        }
    }
}
