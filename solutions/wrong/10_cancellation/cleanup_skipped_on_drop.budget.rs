//! Awaits `consume_budget` between the lease and its guard.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    tokio::task::consume_budget().await;
    let mut guard = Guard {
        lease: Some(lease),
        limit,
        runtime: Handle::current(),
    };
    let output = work.await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}
