//! Says that the time was up whenever there's no page.

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
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) => {
                    last = Some(error);
                    if attempt == attempts.get() {
                        break;
                    }
                }
            }
            sleep(wait).await;
            wait *= 2;
        }
        Err(RetryError::DeadlineExceeded(last.take()))
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
