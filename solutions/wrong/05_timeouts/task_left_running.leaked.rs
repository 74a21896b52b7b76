//! Forgets the work instead of dropping it.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut work = Box::pin(work);
    let result = timeout(limit, &mut work).await;
    if result.is_err() {
        std::mem::forget(work);
    }
    result.map_err(|_elapsed| GatewayTimeout)
}
