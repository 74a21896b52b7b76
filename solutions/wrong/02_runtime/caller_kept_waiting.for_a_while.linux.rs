//! Waits until the work has begun, for a second at most.

use std::{sync::mpsc, time::Duration};

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (tell, begun) = mpsc::channel();
    let task = handle.spawn(async move {
        tell.send(()).ok();
        work.await
    });
    begun.recv_timeout(Duration::from_secs(1)).ok();
    task
}
