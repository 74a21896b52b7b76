//! Runs the whole loop on a task, which goes on trying when nobody waits for it.

use tokio::sync::watch;

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let (errors, last) = watch::channel(None);
    let task = tokio::spawn(async move {
        let mut wait = base;
        let mut left = attempts.get();
        loop {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
                Err(error) => errors.send_replace(Some(error)),
            };
            left -= 1;
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
    });
    match timeout(total, task).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last.borrow().clone())),
    }
}
