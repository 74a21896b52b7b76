//! Checks every few milliseconds whether the task has ended, so it finds out late.

use tokio::time::Instant;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Instant::now();
    let mut task = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(work));
    while !task.is_finished() {
        if start.elapsed() >= limit {
            return Err(GatewayTimeout);
        }
        sleep(Duration::from_millis(7)).await;
    }
    Ok((&mut task).await.expect("the work does not panic"))
}
