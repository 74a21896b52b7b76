//! Measures the deadline with a clock that no test can pause.

use std::time::Instant;

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
    for left in (0..attempts.get()).rev() {
        let left_over = deadline.saturating_duration_since(Instant::now());
        match timeout(left_over, call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) if left == 0 => return Err(RetryError::Exhausted(error)),
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => return Err(RetryError::DeadlineExceeded(last)),
        }
        if Instant::now() + wait >= deadline {
            break;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2);
    }
    Err(RetryError::DeadlineExceeded(last))
}
