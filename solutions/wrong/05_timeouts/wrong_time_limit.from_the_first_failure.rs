//! Starts the time at the first failure.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut left = attempts.get() - 1;
    let mut last = match call().await {
        Ok(page) => return Ok(page),
        Err(error) if left == 0 => return Err(RetryError::Exhausted(error)),
        Err(error) => Some(error),
    };
    let attempts_in_turn = async {
        let mut wait = base;
        loop {
            sleep(wait).await;
            wait = wait.saturating_mul(2);
            left -= 1;
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if left == 0 => return Err(RetryError::Exhausted(error)),
                Err(error) => last = Some(error),
            }
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
