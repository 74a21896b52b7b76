//! Sleeps for the limit, and then checks whether the work is done. It can't be: nobody has polled it.

use futures::FutureExt as _;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    sleep(limit).await;
    work.now_or_never().ok_or(GatewayTimeout)
}
