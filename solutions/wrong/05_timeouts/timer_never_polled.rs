//! Makes a timer, and expects it to run by itself. Nobody polls it while the work waits.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let timer = sleep(limit);
    let output = work.await;
    if timer.is_elapsed() {
        return Err(GatewayTimeout);
    }
    Ok(output)
}
