//! Reads the text of an error only if it returns it.

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
            let failed = match timeout_at(deadline, hasty(request, attempt, deadline)).await {
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

async fn hasty(request: RequestBuilder, attempt: u32, deadline: Instant) -> Result<User, Failed> {
    let response = request.send().await?;
    let status = response.status();
    let code = status.as_u16();
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    let pause = seconds.map_or(PAUSE, Duration::from_secs);
    let again = attempt < ATTEMPTS && pause <= deadline - Instant::now();
    if again && matches!(code, 429 | 503) {
        let text = String::new();
        return Err(Failed {
            error: ApiError::Status { code, text },
            retry_after: Some(pause),
        });
    }
    let body = response.bytes().await?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into());
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Err(Failed {
        error: ApiError::Status { code, text },
        retry_after: seconds.map(Duration::from_secs),
    })
}
