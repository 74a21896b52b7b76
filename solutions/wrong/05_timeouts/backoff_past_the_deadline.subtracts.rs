//! A wait lasts beyond the deadline, so the remaining time is negative.

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
    let start = Instant::now();
    let mut wait = base;
    let mut last = None;
    for left in (0..attempts.get()).rev() {
        match timeout(total - start.elapsed(), call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) if left == 0 => return Err(RetryError::Exhausted(error)),
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => break,
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2);
    }
    Err(RetryError::DeadlineExceeded(last))
}
