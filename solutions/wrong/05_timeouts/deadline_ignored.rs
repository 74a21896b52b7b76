//! Counts its attempts, and ignores the time.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut wait = base;
    let mut left = attempts.get();
    loop {
        match call().await {
            Ok(page) => return Ok(page),
            Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
            Err(_) => left -= 1,
        }
        sleep(wait).await;
        wait *= 2;
    }
}
