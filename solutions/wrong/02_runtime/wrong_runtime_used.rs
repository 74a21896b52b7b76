//! A runtime of its own does the work, and the handle's runtime does nothing.

use std::mem;

use tokio::runtime::Runtime;

pub fn spawn_from_thread<W>(_: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let runtime = Runtime::new().unwrap();
    let task = runtime.spawn(work);
    mem::forget(runtime);
    task
}
