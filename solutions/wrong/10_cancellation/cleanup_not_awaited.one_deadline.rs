//! The limit of the release is counted from the start of the work.

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
    let deadline = tokio::time::Instant::now() + limit;
    let output = work.await;
    if let Some(release) = guard.release() {
        let _ = tokio::time::timeout_at(deadline, release).await;
    }
    output
}
