//! A panic of the work becomes another one, about a task.

use tokio_util::task::AbortOnDropHandle;

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
    let outcome = AbortOnDropHandle::new(tokio::spawn(work)).await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    outcome.unwrap()
}
