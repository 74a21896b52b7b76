//! It waits for the whole limit, whether the lease is back or not.

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
    guard.release();
    tokio::time::sleep(limit).await;
    output
}
