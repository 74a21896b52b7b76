//! Each turn of the loop makes a new call, and drops the one before.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    loop {
        tokio::select! {
            page = call() => return page,
            () = sleep(after) => {}
        }
    }
}
