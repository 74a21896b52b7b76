//! Treats a panic in the last attempt like any other error.

use std::panic::resume_unwind;

use tokio_util::task::AbortOnDropHandle;

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
        for left in (0..attempts.get()).rev() {
            match AbortOnDropHandle::new(tokio::spawn(call())).await {
                Ok(Ok(page)) => return Some(page),
                Ok(Err(error)) => last = Some(error),
                Err(error) if left > 0 => resume_unwind(error.into_panic()),
                Err(_panicked) => {}
            }
            if left > 0 {
                sleep(wait).await;
            }
            wait = wait.saturating_mul(2);
        }
        None
    };
    match timeout(total, attempts_in_turn).await {
        Ok(Some(page)) => Ok(page),
        Ok(None) => Err(RetryError::Exhausted(last.expect("an attempt failed"))),
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
