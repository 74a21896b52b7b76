//! Spawns the work, and then blocks the thread that should go on.

use std::sync::mpsc;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel();
    handle.spawn(async move { sender.send(work.await).unwrap() });
    let output = receiver.recv().unwrap();
    handle.spawn(async move { output })
}
