//! The task that releases is in a `JoinSet`, which aborts it when it's dropped.

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
    let lease = guard.lease.take().unwrap();
    let mut set = tokio::task::JoinSet::new();
    set.spawn(async move {
        let _ = timeout(limit, lease.release()).await;
    });
    set.join_all().await;
    output
}
