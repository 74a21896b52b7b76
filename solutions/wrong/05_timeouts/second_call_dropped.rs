//! Takes `after` for a limit on each call, and applies it to the second one too.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    tokio::select! {
        page = &mut first => page,
        Ok(page) = timeout(after, call()) => page,
    }
}
