//! `block_on` has the thread that calls it poll the work, until it is done.

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let output = handle.block_on(work);
    handle.spawn(async move { output })
}
