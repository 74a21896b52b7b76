//! Returns the handle of a task that awaits the work and returns something else.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async move {
        work.await;
        0
    })
}
