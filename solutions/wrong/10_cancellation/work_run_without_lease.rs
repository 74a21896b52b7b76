//! The work begins beside the request for the lease.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (lease, output) = tokio::join!(leases.acquire(), work);
    let mut guard = Guard {
        lease: Some(lease),
        limit,
        runtime: Handle::current(),
    };
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}
