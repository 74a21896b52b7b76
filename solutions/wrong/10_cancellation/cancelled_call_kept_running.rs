//! The work is on a task, which goes on when the handle is dropped.

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
    let outcome = tokio::spawn(work).await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    outcome.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
