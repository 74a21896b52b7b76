//! Waits until the work has begun, and that's when some thread has time for it.

use std::sync::mpsc;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (tell, begun) = mpsc::channel();
    let task = handle.spawn(async move {
        tell.send(()).unwrap();
        work.await
    });
    begun.recv().unwrap();
    task
}
