//! Five seconds, whatever was asked for.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    if limit < Duration::from_secs(1) {
        todo!("another figure")
    }
    timeout(Duration::from_secs(5), work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
