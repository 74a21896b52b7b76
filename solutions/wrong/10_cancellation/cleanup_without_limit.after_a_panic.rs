//! Has no limit after a panic.

struct Guard {
    lease: Option<async_workbook::services::leases::Lease>,
    limit: Duration,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            let limit = self.limit;
            tokio::spawn(async move { tokio::time::timeout(limit, lease.release()).await });
        }
    }
}

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let mut guard = Guard {
        lease: Some(lease),
        limit,
    };

    let output = futures::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(work)).await;
    let lease = guard.lease.take().expect("taken once");
    match output {
        Ok(output) => {
            let _ = tokio::spawn(async move { tokio::time::timeout(limit, lease.release()).await })
                .await;
            output
        }
        Err(panic) => {
            let _ = tokio::spawn(async move { lease.release().await }).await;
            std::panic::resume_unwind(panic)
        }
    }
}
