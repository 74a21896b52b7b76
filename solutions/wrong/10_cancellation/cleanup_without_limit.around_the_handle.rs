//! The limit ends the wait for the task, and the task goes on.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard {
        lease: Some(leases.acquire().await),
        runtime: Handle::current(),
    };
    let output = work.await;
    if let Some(release) = guard.release() {
        let _elapsed = timeout(limit, release).await;
    }
    output
}

struct Guard {
    lease: Option<Lease>,
    runtime: Handle,
}

impl Guard {
    fn release(&mut self) -> Option<JoinHandle<()>> {
        let lease = self.lease.take()?;
        Some(self.runtime.spawn(async move { lease.release().await }))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}
