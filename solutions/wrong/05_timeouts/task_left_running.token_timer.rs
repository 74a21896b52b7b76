//! A task sleeps and then cancels, and goes on sleeping when nobody waits for it.

use tokio_util::sync::CancellationToken;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let token = CancellationToken::new();
    let clone = token.clone();
    tokio::spawn(async move {
        sleep(limit).await;
        clone.cancel();
    });
    token.run_until_cancelled(work).await.ok_or(GatewayTimeout)
}
