//! A work that takes longer than a second is dropped, and its handle gives the panic of the time limit.

use std::time::Duration;

use tokio::time::timeout;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async { timeout(Duration::from_secs(1), work).await.unwrap() })
}
