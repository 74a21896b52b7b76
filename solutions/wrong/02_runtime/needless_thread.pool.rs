//! Two threads for each piece of work: a plain one polls it, and one of the blocking pool waits for the first.

use std::thread;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    let thread = thread::spawn(move || inner.block_on(work));
    handle.spawn_blocking(move || thread.join().unwrap())
}
