//! Makes the second call before it's needed.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    let second = call();
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    tokio::select! {
        page = first => page,
        page = second => page,
    }
}
