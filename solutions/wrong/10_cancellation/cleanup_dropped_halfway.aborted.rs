//! The task that releases the lease is aborted when nobody waits for it.

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
    let output = work.await;
    if let Some(release) = guard.release() {
        let release = AbortOnDropHandle::new(release);
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}
