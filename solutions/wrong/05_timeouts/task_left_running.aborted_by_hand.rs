//! Aborts the task when the time is up, but not when its own caller gives up first.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut task = tokio::spawn(work);
    match timeout(limit, &mut task).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        Err(_elapsed) => {
            task.abort();
            Err(GatewayTimeout)
        }
    }
}
