//! It is ready for a panic, and not for being dropped.

use futures::FutureExt as _;

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let outcome = std::panic::AssertUnwindSafe(work).catch_unwind().await;
    let _elapsed = timeout(limit, lease.release()).await;
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
