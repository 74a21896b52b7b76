//! A plain thread polls the work with another executor.

use std::thread;

use futures::executor;
use tokio::sync::oneshot;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || sender.send(executor::block_on(work)));
    handle.spawn(async move { receiver.await.unwrap() })
}
