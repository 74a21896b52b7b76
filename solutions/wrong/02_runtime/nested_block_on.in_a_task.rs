//! A task may not block on a future: its thread is polling already.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    handle.spawn(async move { inner.block_on(work) })
}
