//! The runtime moves into the task, and is dropped where it may not be waited for.

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
