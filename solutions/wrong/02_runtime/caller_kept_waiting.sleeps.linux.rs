//! Gives the work time to begin before it returns.

use std::{thread, time::Duration};

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let task = handle.spawn(work);
    thread::sleep(Duration::from_millis(100));
    task
}
