//! `Drop` makes the future of the release, and nobody polls it.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let guard = Guard(leases.acquire().await);
    let output = work.await;
    let _elapsed = timeout(limit, guard.0.release()).await;
    output
}

struct Guard(Lease);

impl Drop for Guard {
    fn drop(&mut self) {
        let _release = self.0.release();
    }
}
