//! A task that awaits the work, and gives something of its own.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async move {
        work.await;
        0
    })
}
