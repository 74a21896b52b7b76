//! A thread for blocking calls polls the work, and is kept as long as the work waits.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    handle.spawn_blocking(move || inner.block_on(work))
}
