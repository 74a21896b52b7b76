//! The wait runs while the attempt does, so the longer an attempt takes, the sooner the next one follows.

use tokio::time::{Instant, sleep_until};

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
        let mut wait = base;
        for attempt in 1..=attempts.get() {
            let next = Instant::now() + wait;
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) => {
                    if attempt == attempts.get() {
                        return Err(RetryError::Exhausted(error));
                    }
                    last = Some(error);
                }
            }
            sleep_until(next).await;
            wait *= 2;
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
