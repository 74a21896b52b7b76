//! Nobody can drop work that runs on a thread of its own. The timeout drops the handle, and the thread goes on.

use tokio::{runtime::Handle, task::spawn_blocking};

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let runtime = Handle::current();
    let on_a_thread = spawn_blocking(move || runtime.block_on(work));
    match timeout(limit, on_a_thread).await {
        Ok(joined) => Ok(joined.expect("the work does not panic")),
        Err(_elapsed) => Err(GatewayTimeout),
    }
}
