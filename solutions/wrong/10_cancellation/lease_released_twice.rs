//! It releases the lease, and then its guard does.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let guard = Guard(std::sync::Arc::new(leases.acquire().await), limit);
    let output = work.await;
    let _elapsed = timeout(limit, guard.0.release()).await;
    output
}

struct Guard(std::sync::Arc<Lease>, Duration);

impl Drop for Guard {
    fn drop(&mut self) {
        let (lease, limit) = (self.0.clone(), self.1);
        tokio::spawn(async move { timeout(limit, lease.release()).await });
    }
}
