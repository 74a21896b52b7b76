//! Takes a limit of zero to mean no limit.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    if limit.is_zero() {
        return Ok(work.await);
    }
    timeout(limit, work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
