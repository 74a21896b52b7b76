//! Makes two calls, and polls the second of them first.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let first = call();
    if let Ok(page) = timeout(after, call()).await {
        return page;
    }
    first.await
}
