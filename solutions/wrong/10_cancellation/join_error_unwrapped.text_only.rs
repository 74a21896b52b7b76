//! Passes a panic on if its message is text.

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

    let work = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(work));
    let output = match work.await {
        Ok(output) => output,
        Err(error) => {
            let panic = error.into_panic();
            let message = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
            panic!("{}", message.unwrap_or_else(|| "unknown".to_owned()))
        }
    };

    let lease = guard.lease.take().expect("taken once");
    let _ = tokio::spawn(async move { tokio::time::timeout(limit, lease.release()).await }).await;
    output
}
