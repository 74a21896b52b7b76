//! `Drop` waits for the release with `block_in_place`.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let _guard = Guard(leases.acquire().await, limit);
    work.await
}
struct Guard(Lease, Duration);
impl Drop for Guard {
    fn drop(&mut self) {
        tokio::task::block_in_place(|| {
            Handle::current().block_on(async {
                let _ = timeout(self.1, self.0.release()).await;
            })
        });
    }
}
