//! One `static` lock for all calls, so each waits for the one before.

use tokio::sync::Mutex;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    static BUSY: Mutex<()> = Mutex::const_new(());
    let _guard = BUSY.lock().await;
    timeout(limit, work)
        .await
        .map_err(|_elapsed| GatewayTimeout)
}
