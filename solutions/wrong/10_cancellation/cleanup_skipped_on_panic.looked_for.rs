//! The guard does nothing while its thread is panicking.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard2(Some(leases.acquire().await), limit);
    let output = work.await;
    let (lease, limit) = (guard.0.take().unwrap(), guard.1);
    let _ = tokio::spawn(async move {
        let _ = timeout(limit, lease.release()).await;
    })
    .await;
    output
}
struct Guard2(Option<Lease>, Duration);
impl Drop for Guard2 {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(lease) = self.0.take() {
            let limit = self.1;
            tokio::spawn(async move {
                let _ = timeout(limit, lease.release()).await;
            });
        }
    }
}
