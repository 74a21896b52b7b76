//! The timeout drops the handle of the task, and the task goes on without it.

use tokio::sync::mpsc;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    match timeout(limit, tokio::spawn(work)).await {
        Ok(joined) => Ok(joined.expect("the work does not panic")),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(2);
    let answer = sender.clone();
    let first = call();
    tokio::spawn(async move { answer.send(first.await).await });
    if let Ok(Some(page)) = timeout(after, receiver.recv()).await {
        return page;
    }
    let second = call();
    tokio::spawn(async move { sender.send(second.await).await });
    receiver.recv().await.expect("both calls answer")
}
