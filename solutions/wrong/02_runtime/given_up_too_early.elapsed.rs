//! Drops work that takes longer than a second. Its handle returns the panic of the time limit.

use std::time::Duration;

use tokio::time::timeout;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async { timeout(Duration::from_secs(1), work).await.unwrap() })
}
