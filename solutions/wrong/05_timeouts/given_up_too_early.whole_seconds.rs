//! `as_secs` cuts off the fraction of a second.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    timeout(Duration::from_secs(limit.as_secs()), work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
