//! Gives each attempt the whole time, and the waits come on top.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let mut wait = base;
    let mut last = None;
    for attempt in 1..=attempts.get() {
        match timeout(total, call()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) if attempt == attempts.get() => {
                return Err(RetryError::Exhausted(error));
            }
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => {}
        }
        if attempt < attempts.get() {
            sleep(wait).await;
            wait *= 2;
        }
    }
    Err(RetryError::DeadlineExceeded(last))
}
