//! Moves the slower call to a task so it can finish.

use futures::future::{Either, select};

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = Box::pin(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    match select(first, Box::pin(call())).await {
        Either::Left((page, slower)) | Either::Right((page, slower)) => {
            tokio::spawn(slower);
            page
        }
    }
}
