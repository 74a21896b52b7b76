//! Callers on real threads.
//!
//! A lock of `std` never yields. So on one thread nobody runs between two of them, and a gap there shows only on
//! threads. The gap is some nanoseconds long, so few threads fall into it by chance. But a thread that waits for a lock
//! is woken by the unlock just before the gap. A long path makes all of them wait: it takes long to hash, and answers do
//! this while they hold the lock. It's still a matter of chance: nothing of ours runs between two locks, so nothing can
//! make a thread stop there. A gap between two operations on an atomic is too short to be found at all, as a rule.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures::future::join_all;
use tokio::task::spawn_blocking;

use crate::callers::unwrap;

/// Many more than cores, so they interrupt each other even on a busy machine.
const THREADS: usize = 16;

/// A path that takes long to hash, and not long to tell from another one: an answer may compare all of them.
pub(crate) fn long_path(number: usize) -> String {
    format!("{number}/{}", "long".repeat(2_500))
}

/// What each thread returns. All of them run this at the same time.
///
/// They belong to the runtime, which goes on meanwhile: what they spawn is polled. Its clock stands still, so
/// whatever they await has to be ready without it.
pub(crate) async fn on_threads<T: Send + 'static>(
    run: impl Fn() -> T + Clone + Send + 'static,
) -> Vec<T> {
    so_many(THREADS, run).await
}

async fn so_many<T: Send + 'static>(
    threads: usize,
    run: impl Fn() -> T + Clone + Send + 'static,
) -> Vec<T> {
    let start = Arc::new(Barrier::new(threads));
    let threads = (0..threads).map(|_| {
        let (start, run) = (Arc::clone(&start), run.clone());
        spawn_blocking(move || {
            start.wait();
            run()
        })
    });
    let ended = join_all(threads.collect::<Vec<_>>()).await;
    ended.into_iter().map(unwrap).collect()
}

/// How long threads go in step. It decides nothing but how many steps there are.
const ENOUGH: Duration = Duration::from_millis(150);

/// Has a few threads do the same at the same moment, up to so many times. Returns what each step gave each thread.
///
/// A thread that waits for a barrier of `std` is woken too late: these spin. If each has a core, they are less than a
/// microsecond apart, which is about the length of a gap.
pub(crate) async fn in_step<T: Clone + Send + 'static>(
    steps: usize,
    run: impl Fn(usize) -> T + Clone + Send + 'static,
) -> Vec<Vec<T>> {
    let threads = thread::available_parallelism().map_or(2, NonZeroUsize::get);
    let threads = threads.clamp(2, 4);
    let shared = Arc::new(InStep {
        places: AtomicUsize::new(0),
        arrived: AtomicUsize::new(0),
        end: AtomicUsize::new(steps),
    });
    let each = so_many(threads, move || {
        let _panics = StopsOthers(&shared);
        let leader = shared.places.fetch_add(1, Ordering::SeqCst) == 0;
        let began = Instant::now();
        let mut got = Vec::new();
        for step in 0..steps {
            if leader && began.elapsed() > ENOUGH {
                // Before it arrives, so that all others see it at this very step.
                shared.end.store(step, Ordering::SeqCst);
            }
            shared.arrive(threads * (step + 1));
            if step >= shared.end.load(Ordering::SeqCst) {
                break;
            }
            got.push(run(step));
        }
        got
    });
    let each = each.await;
    let made = each.iter().map(Vec::len).min().unwrap_or(0);
    (0..made)
        .map(|step| each.iter().map(|got| got[step].clone()).collect())
        .collect()
}

struct InStep {
    places: AtomicUsize,
    arrived: AtomicUsize,
    /// The first step that isn't made.
    end: AtomicUsize,
}

impl InStep {
    /// Waits until so many have arrived.
    fn arrive(&self, all: usize) {
        self.arrived.fetch_add(1, Ordering::SeqCst);
        let mut turns = 0_u32;
        while self.arrived.load(Ordering::SeqCst) < all {
            turns += 1;
            if turns.is_multiple_of(1_000) {
                thread::yield_now();
            }
            std::hint::spin_loop();
        }
    }
}

/// Nobody waits for a thread that has panicked.
struct StopsOthers<'a>(&'a InStep);

impl Drop for StopsOthers<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end.store(0, Ordering::SeqCst);
            self.0.arrived.fetch_add(usize::MAX / 8, Ordering::SeqCst);
        }
    }
}
