//! Finds short waits not worth a timer, and makes two calls at once.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if after > Duration::from_millis(50) {
        if let Ok(page) = timeout(after, &mut first).await {
            return page;
        }
    }
    tokio::select! {
        biased;
        page = call() => page,
        page = &mut first => page,
    }
}
