//! The timeout drops the first call, which may have been a moment away from its answer.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    match timeout(after, call()).await {
        Ok(page) => page,
        Err(_elapsed) => call().await,
    }
}
