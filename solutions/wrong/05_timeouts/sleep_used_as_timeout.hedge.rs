//! Waits for the timer first, and then for both calls.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let first = call();
    sleep(after).await;
    tokio::select! {
        page = first => page,
        page = call() => page,
    }
}
