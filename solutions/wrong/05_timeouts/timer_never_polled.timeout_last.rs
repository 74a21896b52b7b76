//! Polls the timeout only when the work is done. It polls the work first, so it never fires.

use tokio_util::task::AbortOnDropHandle;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (done, mut is_done) = tokio::sync::watch::channel(());
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        let output = work.await;
        drop(done);
        output
    }));
    let limited = timeout(limit, task);
    let _closed = is_done.changed().await;
    match limited.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}
