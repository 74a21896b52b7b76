//! It releases the lease beside the work.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let (output, _elapsed) = tokio::join!(work, timeout(limit, lease.release()));
    output
}
