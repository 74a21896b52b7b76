//! Holds the output back for a while, as if something had to be cleaned up first.

use std::time::Duration;

use tokio::time::sleep;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async {
        let output = work.await;
        sleep(Duration::from_millis(1)).await;
        output
    })
}
