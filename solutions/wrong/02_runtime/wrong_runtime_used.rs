//! A runtime of its own does the work, while the one of the handle stands by.

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
