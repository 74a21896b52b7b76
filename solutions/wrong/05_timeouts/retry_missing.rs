//! The loop ends with the first result, whatever it is.

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    match timeout(total, call()).await {
        Ok(Ok(page)) => Ok(page),
        Ok(Err(error)) => Err(RetryError::Exhausted(error)),
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(None)),
    }
}
