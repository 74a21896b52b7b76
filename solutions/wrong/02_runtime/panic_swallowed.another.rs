//! Panics with its own words, and loses what the work said.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let work = AssertUnwindSafe(work).catch_unwind();
    handle.spawn(async { work.await.expect("the work failed") })
}
