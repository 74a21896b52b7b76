//! `join!` waits for the slower call too.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    let (page, _) = tokio::join!(first, call());
    page
}
