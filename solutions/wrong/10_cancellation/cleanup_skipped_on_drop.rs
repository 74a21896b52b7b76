//! The lease is released after the work, and a dropped future never gets there.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let output = work.await;
    let _elapsed = timeout(limit, lease.release()).await;
    output
}
