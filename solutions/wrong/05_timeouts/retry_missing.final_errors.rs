//! Decides by itself which errors to retry: only those with a 5xx status.

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
                    let may_pass =
                        matches!(error, UpstreamError::Status { status, .. } if status >= 500);
                    if attempt == attempts.get() || !may_pass {
                        return Err(RetryError::Exhausted(error));
                    }
                    last = Some(error);
                }
            }
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
