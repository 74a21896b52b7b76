//! Doubles the wait before it checks whether there's time for it.

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
            Ok(Err(error)) if attempt == attempts.get() => {
                return Err(RetryError::Exhausted(error));
            }
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => break,
        }
        let now = wait;
        wait = wait.saturating_mul(2);
        if Instant::now() + wait >= deadline {
            break;
        }
        sleep(now).await;
    }
    Err(RetryError::DeadlineExceeded(last))
}
