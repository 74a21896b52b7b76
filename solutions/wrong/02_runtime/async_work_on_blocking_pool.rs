//! A thread of the blocking pool polls the work, and is taken for as long as the work waits.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    handle.spawn_blocking(move || inner.block_on(work))
}
