//! The task knows when its caller is gone. It doesn't know that the work may panic.

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (leases, caller_gone) = (leases.clone(), CancellationToken::new());
    let _caller = caller_gone.clone().drop_guard();
    let scope = tokio::spawn(async move {
        let lease = caller_gone.run_until_cancelled(leases.acquire()).await?;
        let output = caller_gone.run_until_cancelled(work).await;
        let _elapsed = timeout(limit, lease.release()).await;
        output
    });
    match scope.await {
        Ok(output) => output.expect("somebody waits for it"),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
