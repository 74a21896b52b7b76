//! The task that waits for the output blocks its worker with `recv`, which isn't an await. On a runtime with one
//! worker, nobody is left to poll the work.

use std::sync::mpsc;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel();
    handle.spawn(async move { sender.send(work.await) });
    handle.spawn(async move { receiver.recv().unwrap() })
}
