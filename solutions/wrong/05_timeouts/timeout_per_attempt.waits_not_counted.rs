//! Subtracts the attempts from the remaining time, and forgets the waits.

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
    let mut left = total;
    let mut wait = base;
    let mut last = None;
    for attempt in 1..=attempts.get() {
        let start = Instant::now();
        match timeout(left, call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) if attempt == attempts.get() => {
                return Err(RetryError::Exhausted(error));
            }
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => break,
        }
        left = left.saturating_sub(start.elapsed());
        sleep(wait.min(left)).await;
        wait *= 2;
    }
    Err(RetryError::DeadlineExceeded(last))
}
