//! The limit is around the work.

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
    let output = timeout(limit, work).await.unwrap();
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}
