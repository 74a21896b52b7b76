//! Makes a timer before it spawns the work, and awaits it before the work begins.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let _inside = handle.enter();
    let begin = sleep_until(Instant::now() + Duration::from_millis(10));
    tokio::spawn(async move {
        begin.await;
        work.await
    })
}
