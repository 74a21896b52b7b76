//! Two timeouts of the same length, and the inner one fires first.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    match timeout(limit, timeout(limit, work)).await {
        Ok(output) => Ok(output.unwrap()),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}
