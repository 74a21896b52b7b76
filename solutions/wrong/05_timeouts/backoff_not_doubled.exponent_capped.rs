//! After twenty doublings, the wait stops growing.

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
        for attempt in 0..attempts.get() {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if attempt + 1 == attempts.get() => {
                    return Err(RetryError::Exhausted(error));
                }
                Err(error) => last = Some(error),
            }
            sleep(base.saturating_mul(1 << attempt.min(20))).await;
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
