//! The guard has a task release the lease, and nobody waits for that.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let _guard = Guard {
        lease: Some(leases.acquire().await),
        limit,
        runtime: Handle::current(),
    };
    work.await
}
