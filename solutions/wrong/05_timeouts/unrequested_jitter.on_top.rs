//! Adds up to a tenth of the wait, from the nanoseconds of the system clock.

use std::time::SystemTime;

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
        loop {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
                Err(error) => last = Some(error),
            }
            left -= 1;
            let nanos = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.subsec_nanos());
            sleep(wait + wait.mul_f64(f64::from(nanos / 7 % 1000) / 1000.0)).await;
            wait = wait.saturating_mul(2);
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
