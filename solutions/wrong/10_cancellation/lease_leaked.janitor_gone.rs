//! A guard sends its lease to a task that has stopped listening.

struct Guard {
    lease: Option<async_workbook::services::leases::Lease>,
    to: Sender<async_workbook::services::leases::Lease>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            let _ = self.to.try_send(lease);
        }
    }
}

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (to, mut lease_back) = tokio::sync::mpsc::channel(1);
    let releasing = tokio::spawn(async move {
        if let Ok(Some(lease)) =
            tokio::time::timeout(Duration::from_secs(60), lease_back.recv()).await
        {
            let lease: async_workbook::services::leases::Lease = lease;
            let _ = tokio::time::timeout(limit, lease.release()).await;
        }
    });
    let lease = leases.acquire().await;
    let guard = Guard {
        lease: Some(lease),
        to,
    };
    let output = work.await;
    drop(guard);
    let _ = releasing.await;
    output
}
