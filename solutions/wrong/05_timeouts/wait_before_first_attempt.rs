//! Waits at the top of the loop, so even before the first attempt.

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
            sleep(wait).await;
            wait *= 2;
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) => {
                    if attempt == attempts.get() {
                        return Err(RetryError::Exhausted(error));
                    }
                    last = Some(error);
                }
            }
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
