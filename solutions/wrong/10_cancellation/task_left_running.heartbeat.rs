//! A task renews the lease every now and then, also when there is none.

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
    tokio::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    });
    let output = work.await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}
