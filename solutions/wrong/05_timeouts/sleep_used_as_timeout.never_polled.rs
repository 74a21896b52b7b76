//! Waits as long as the work may take, and never starts the work.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    sleep(limit).await;
    drop(work);
    Err(GatewayTimeout)
}
