//! Hedges only if it finds the wait long enough.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    if after > Duration::from_secs(60) {
        return first.await;
    }
    tokio::select! {
        page = &mut first => page,
        page = call() => page,
    }
}
