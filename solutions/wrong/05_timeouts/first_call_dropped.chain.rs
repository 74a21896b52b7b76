//! Makes one call after the other. Each has `after` to end, and the last as long as it takes.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    if let Ok(page) = timeout(after, call()).await {
        return page;
    }
    if let Ok(page) = timeout(after, call()).await {
        return page;
    }
    call().await
}
