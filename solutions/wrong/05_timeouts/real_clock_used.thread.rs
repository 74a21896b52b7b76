//! Starts a thread that sleeps until the limit.

use tokio::sync::oneshot;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(limit.min(Duration::from_secs(1)));
        sender.send(())
    });
    tokio::select! {
        output = work => Ok(output),
        _ = receiver => Err(GatewayTimeout),
    }
}
