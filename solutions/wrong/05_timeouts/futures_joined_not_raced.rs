//! `join!` waits for both, so every call takes at least the limit.

use tokio::time::Instant;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Instant::now();
    let (output, ()) = tokio::join!(work, sleep(limit));
    if start.elapsed() > limit {
        return Err(GatewayTimeout);
    }
    Ok(output)
}
