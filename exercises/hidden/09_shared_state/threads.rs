//! Callers on real threads.
//!
//! A lock of `std` never yields. So on one thread nobody runs between two of them, and a gap there shows only if
//! threads are at it at the same moment, again and again.

use futures::future::join_all;
use tokio::task::spawn_blocking;

use crate::callers::unwrap;

/// More than most machines have cores to spare, so they also interrupt each other.
pub(crate) const THREADS: usize = 4;

/// What each thread returns. All of them run this at the same time.
///
/// They belong to the runtime, which goes on meanwhile: what they spawn is polled. Its clock stands still, so
/// whatever they await has to be ready without it.
pub(crate) async fn on_threads<T: Send + 'static>(
    run: impl Fn() -> T + Clone + Send + 'static,
) -> Vec<T> {
    let threads = (0..THREADS).map(|_| spawn_blocking(run.clone()));
    let ended = join_all(threads.collect::<Vec<_>>()).await;
    ended.into_iter().map(unwrap).collect()
}
