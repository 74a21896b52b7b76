//! The first tick of an interval comes at once.

use tokio::time::interval;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut timer = interval(limit);
    tokio::select! {
        output = work => Ok(output),
        _ = timer.tick() => Err(GatewayTimeout),
    }
}
