//! Has a limit on what follows the second call, and assumes that it's never reached.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    let faster = async {
        tokio::select! {
            page = &mut first => page,
            page = call() => page,
        }
    };
    timeout(after, faster).await.expect("one of them answers")
}
