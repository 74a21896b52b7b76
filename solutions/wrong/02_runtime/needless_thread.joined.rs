//! A plain thread polls the work, and a task blocks its worker until that thread ends.

use std::thread;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let inner = handle.clone();
    let thread = thread::spawn(move || inner.block_on(work));
    handle.spawn(async move { thread.join().unwrap() })
}
