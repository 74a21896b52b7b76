//! Keeps the first call alive, but stops polling it.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    match timeout(after, &mut first).await {
        Ok(page) => page,
        Err(_elapsed) => call().await,
    }
}
