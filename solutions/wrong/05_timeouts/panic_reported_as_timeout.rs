//! Takes every error for a timeout, even that of a task that panicked.

use tokio_util::task::AbortOnDropHandle;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let task = AbortOnDropHandle::new(tokio::spawn(work));
    match timeout(limit, task).await {
        Ok(Ok(output)) => Ok(output),
        _ => Err(GatewayTimeout),
    }
}
