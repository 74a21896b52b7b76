//! A stopwatch measures how long the work took. It doesn't end a wait.

use tokio::time::Instant;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Instant::now();
    let output = work.await;
    if start.elapsed() > limit {
        Err(GatewayTimeout)
    } else {
        Ok(output)
    }
}
