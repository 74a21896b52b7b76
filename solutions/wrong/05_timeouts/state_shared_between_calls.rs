//! Keeps the last error in a `static`, and all callers write to it.

use std::sync::{Mutex, PoisonError};

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    static LAST: Mutex<Option<UpstreamError>> = Mutex::new(None);
    let last = || LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last() = None;
    let attempts_in_turn = async {
        let mut wait = base;
        for attempt in 1..=attempts.get() {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if attempt == attempts.get() => {
                    return Err(RetryError::Exhausted(error));
                }
                Err(error) => *last() = Some(error),
            }
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last().take())),
    }
}
