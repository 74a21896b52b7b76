//! Always returns a number, so whoever awaits the handle never learns of the panic.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let work = AssertUnwindSafe(work).catch_unwind();
    handle.spawn(async move { work.await.unwrap_or(0) })
}
