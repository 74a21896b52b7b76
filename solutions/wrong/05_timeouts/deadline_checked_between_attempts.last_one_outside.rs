//! Makes the last attempt, which no wait follows, after the loop, and so outside the timeout.

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
    let all_but_the_last = async {
        let mut wait = base;
        for _ in 1..attempts.get() {
            match call().await {
                Ok(page) => return Some(page),
                Err(error) => last = Some(error),
            }
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        None
    };
    match timeout(total, all_but_the_last).await {
        Ok(Some(page)) => Ok(page),
        Ok(None) => call().await.map_err(RetryError::Exhausted),
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
