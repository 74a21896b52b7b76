//! Always waits five seconds, whatever the limit is.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    timeout(Duration::from_secs(5), work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
