//! Returns the handle of a task that awaits the work. Aborting it leaves the work running.

use std::panic;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let task = handle.spawn(work);
    handle.spawn(async move {
        task.await
            .unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    })
}
