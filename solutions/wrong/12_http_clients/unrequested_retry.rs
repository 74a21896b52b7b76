//! Tries again when the service is busy.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let mut attempt = 1;
        loop {
            let request = self.client.get(format!("{}/users/{id}", self.base));
            let user = match timeout(self.timeout, user_in(request)).await {
                Ok(user) => user.map_err(|failed| failed.error),
                Err(_elapsed) => Err(ApiError::Timeout),
            };
            let is_busy = matches!(&user, Err(ApiError::Status { code: 503, .. }));
            if !is_busy || attempt == ATTEMPTS {
                return user;
            }
            sleep(PAUSE).await;
            attempt += 1;
        }
    }
}
