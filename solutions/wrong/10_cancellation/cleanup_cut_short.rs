//! The limit begins with the work, and is over when the release begins.

use tokio::time::{Instant, timeout_at};

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let deadline = Instant::now() + limit;
    let output = work.await;
    let _elapsed = timeout_at(deadline, lease.release()).await;
    output
}
