//! Has a limit of its own, and assumes that it's never reached.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let bounded = timeout(Duration::from_secs(30), work);
    match timeout(limit, bounded).await {
        Ok(output) => Ok(output.expect("nothing takes 30 s")),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}
