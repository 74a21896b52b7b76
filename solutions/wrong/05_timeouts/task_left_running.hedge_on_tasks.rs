//! Dropping a handle doesn't end its task.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = tokio::spawn(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page.expect("the call does not panic");
    }
    let second = tokio::spawn(call());
    let page = tokio::select! {
        page = first => page,
        page = second => page,
    };
    page.expect("the call does not panic")
}
