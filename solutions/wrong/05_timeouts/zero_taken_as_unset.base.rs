//! Takes a base of zero to mean the usual one.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut last = None;
    let attempts_in_turn = async {
        let mut left = attempts.get();
        let mut wait = base;
        if wait.is_zero() {
            wait = Duration::from_millis(50);
        }
        loop {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
                Err(error) => last = Some(error),
            }
            left -= 1;
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
