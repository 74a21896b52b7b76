//! Ignores the handle that it was given. This thread has no runtime of its own.

pub fn spawn_from_thread<W>(_: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    Handle::current().spawn(work)
}
