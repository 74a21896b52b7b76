//! Moves the runtime into the task, which drops it where blocking isn't allowed.

use tokio::runtime::Runtime;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let runtime = Runtime::new().unwrap();
    let task = runtime.spawn(async {});
    handle.spawn(async move {
        task.await.unwrap();
        drop(runtime);
        work.await
    })
}
