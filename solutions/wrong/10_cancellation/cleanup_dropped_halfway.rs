//! The lease is out of its guard when the release begins, and the release is dropped.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard {
        lease: Some(leases.acquire().await),
        limit,
        runtime: Handle::current(),
    };
    let output = work.await;
    if let Some(lease) = guard.lease.take() {
        let _elapsed = timeout(limit, lease.release()).await;
    }
    output
}
