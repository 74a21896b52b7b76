//! Takes a last attempt that the deadline cut off for one that failed.

use tokio::time::{Instant, timeout_at};

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
        match timeout_at(deadline, call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) if attempt == attempts.get() => break,
            Err(_elapsed) => return Err(RetryError::DeadlineExceeded(last)),
        }
        if attempt < attempts.get() {
            if timeout_at(deadline, sleep(wait)).await.is_err() {
                return Err(RetryError::DeadlineExceeded(last));
            }
            wait = wait.saturating_mul(2);
        }
    }
    Err(match last {
        Some(error) => RetryError::Exhausted(error),
        None => RetryError::DeadlineExceeded(None),
    })
}
