//! `block_on` polls the work on the thread that calls it, until it's done.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let output = handle.block_on(work);
    handle.spawn(async move { output })
}
