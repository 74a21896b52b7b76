//! Divides the time among the attempts, so none of them has enough.

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
        let share = total / attempts.get();
        for attempt in 1..=attempts.get() {
            match timeout(share, call()).await {
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
        Err(RetryError::DeadlineExceeded(None))
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
