//! Never hedges if `after` is zero.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if after.is_zero() {
        return first.await;
    }
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    tokio::select! {
        page = &mut first => page,
        page = call() => page,
    }
}
