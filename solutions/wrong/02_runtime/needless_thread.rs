//! A plain thread polls the work, and a task waits for what it sends.

use std::thread;

use tokio::sync::oneshot;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let inner = handle.clone();
    thread::spawn(move || sender.send(inner.block_on(work)));
    handle.spawn(async move { receiver.await.unwrap() })
}
