//! `1..attempts` leaves out the last attempt.

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
        for attempt in 1..attempts.get() {
            match call().await {
                Ok(page) => return Some(page),
                Err(error) => last = Some(error),
            }
            if attempt + 1 < attempts.get() {
                sleep(wait).await;
                wait = wait.saturating_mul(2);
            }
        }
        None
    };
    match timeout(total, attempts_in_turn).await {
        Ok(Some(page)) => Ok(page),
        Ok(None) => Err(last.map_or(RetryError::DeadlineExceeded(None), RetryError::Exhausted)),
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
