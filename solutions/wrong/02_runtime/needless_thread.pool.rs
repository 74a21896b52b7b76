//! Two threads for each work: one of the standard library polls it, one of the pool for blocking calls waits for the other.

use std::thread;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    let thread = thread::spawn(move || inner.block_on(work));
    handle.spawn_blocking(move || thread.join().unwrap())
}
