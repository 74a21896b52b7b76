//! Pauses before the work begins, to let others go first.

use std::time::Duration;

use tokio::time::sleep;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async {
        sleep(Duration::from_millis(20)).await;
        work.await
    })
}
