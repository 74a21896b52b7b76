//! Takes a first call that panicked for one that's late.

use tokio_util::task::AbortOnDropHandle;

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = AbortOnDropHandle::new(tokio::spawn(call()));
    if let Ok(Ok(page)) = timeout(after, &mut first).await {
        return page;
    }
    if first.is_finished() {
        return call().await;
    }
    tokio::select! {
        Ok(page) = first => page,
        page = call() => page,
    }
}
