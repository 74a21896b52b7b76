//! `Drop` can't await, so it blocks.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard(Some(leases.acquire().await), limit);
    let output = work.await;
    if let Some(lease) = &guard.0 {
        let _elapsed = timeout(limit, lease.release()).await;
    }
    guard.0 = None;
    output
}

struct Guard(Option<Lease>, Duration);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.0.take() {
            let _elapsed = Handle::current().block_on(timeout(self.1, lease.release()));
        }
    }
}
