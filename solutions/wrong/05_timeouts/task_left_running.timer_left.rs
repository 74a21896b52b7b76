//! Runs the timer on a task, which goes on sleeping when the answer is there.

use tokio_util::sync::CancellationToken;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let token = CancellationToken::new();
    let timer = token.clone();
    tokio::spawn(async move {
        sleep(limit).await;
        timer.cancel();
    });
    token.run_until_cancelled(work).await.ok_or(GatewayTimeout)
}

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let late = tokio::spawn(sleep(after));
    let mut first = pin!(call());
    tokio::select! {
        page = &mut first => return page,
        _ = late => {}
    }
    tokio::select! {
        page = first => page,
        page = call() => page,
    }
}
