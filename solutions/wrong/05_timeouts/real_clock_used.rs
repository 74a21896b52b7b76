//! Checks every millisecond whether the limit has passed, with a clock that no test can pause.

use std::time::Instant;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Instant::now();
    let mut work = pin!(work);
    while start.elapsed() < limit {
        if let Ok(output) = timeout(Duration::from_millis(1), &mut work).await {
            return Ok(output);
        }
    }
    Err(GatewayTimeout)
}
