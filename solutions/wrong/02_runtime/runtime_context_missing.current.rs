//! The handle that was given is the one to use: this thread has none of its own.

pub fn spawn_from_thread<W>(_: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    Handle::current().spawn(work)
}
