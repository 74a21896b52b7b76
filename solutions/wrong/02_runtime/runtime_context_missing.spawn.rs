//! `tokio::spawn` looks for the runtime of its thread, and doesn't know about the handle.

pub fn spawn_from_thread<W>(_: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    tokio::spawn(work)
}
