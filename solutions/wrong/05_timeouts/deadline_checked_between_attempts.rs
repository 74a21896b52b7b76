//! Checks the clock before each attempt, but an attempt that hangs may take for ever.

use tokio::time::Instant;

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let deadline = Instant::now() + total;
    let mut wait = base;
    let mut last = None;
    for attempt in 1..=attempts.get() {
        if Instant::now() >= deadline {
            return Err(RetryError::DeadlineExceeded(last));
        }
        match call().await {
            Ok(page) => return Ok(page),
            Err(error) if attempt == attempts.get() => return Err(RetryError::Exhausted(error)),
            Err(error) => last = Some(error),
        }
        if Instant::now() + wait >= deadline {
            break;
        }
        sleep(wait).await;
        wait *= 2;
    }
    Err(RetryError::DeadlineExceeded(last))
}
