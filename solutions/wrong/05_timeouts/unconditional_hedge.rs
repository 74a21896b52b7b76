//! Makes both calls at the start: twice the load for every answer.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    tokio::select! {
        page = call() => page,
        page = call() => page,
    }
}
