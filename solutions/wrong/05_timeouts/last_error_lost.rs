//! Keeps the error in a variable of the block that the timeout drops, so it's lost.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let attempts_in_turn = async {
        let mut wait = base;
        for left in (0..attempts.get()).rev() {
            match call().await {
                Ok(page) => return Ok(page),
                Err(last) if left == 0 => return Err(RetryError::Exhausted(last)),
                Err(_) => sleep(wait).await,
            }
            wait *= 2;
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(None)),
    }
}
