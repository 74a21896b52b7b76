//! Catches the panic, and raises another one that has its words but not its payload.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async {
        AssertUnwindSafe(work)
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| {
                let words = panic.downcast_ref::<&str>();
                panic!("{}", words.unwrap_or(&"the work panicked"))
            })
    })
}
