//! Returns a page of its own making instead of the one that came.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    let body = tokio::select! {
        page = first => page.body,
        page = call() => page.body,
    };
    Page {
        path: "hedged".into(),
        body,
    }
}
