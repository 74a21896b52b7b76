//! Callers on real threads.
//!
//! A lock of `std` never yields. So on one thread nobody runs between two of them, and a gap there shows only on
//! threads. The gap is some nanoseconds long, so few threads fall into it by chance. But a thread that waits for a lock
//! is woken by the unlock just before the gap. A long path makes all of them wait: it takes long to hash, and answers do
//! this while they hold the lock.

use std::sync::{Arc, Barrier};

use futures::future::join_all;
use tokio::task::spawn_blocking;

use crate::callers::unwrap;

/// Many more than cores, so they interrupt each other even on a busy machine.
const THREADS: usize = 16;

/// A path that takes long to hash.
pub(crate) fn long_path(number: usize) -> String {
    format!("{}/{number}", "long".repeat(12_000))
}

/// What each thread returns. All of them run this at the same time.
///
/// They belong to the runtime, which goes on meanwhile: what they spawn is polled. Its clock stands still, so
/// whatever they await has to be ready without it.
pub(crate) async fn on_threads<T: Send + 'static>(
    run: impl Fn() -> T + Clone + Send + 'static,
) -> Vec<T> {
    let start = Arc::new(Barrier::new(THREADS));
    let threads = (0..THREADS).map(|_| {
        let (start, run) = (Arc::clone(&start), run.clone());
        spawn_blocking(move || {
            start.wait();
            run()
        })
    });
    let ended = join_all(threads.collect::<Vec<_>>()).await;
    ended.into_iter().map(unwrap).collect()
}
