//! A release that takes too long is a panic.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let guard = Guard(Some(leases.acquire().await), limit);
    let output = work.await;
    guard.release().await;
    output
}

struct Guard(Option<Lease>, Duration);

impl Guard {
    async fn release(mut self) {
        if let Some(lease) = &self.0 {
            timeout(self.1, lease.release()).await.unwrap();
        }
        self.0 = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.0.take() {
            let limit = self.1;
            tokio::spawn(async move { timeout(limit, lease.release()).await });
        }
    }
}
