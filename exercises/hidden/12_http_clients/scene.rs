//! A call of the learner's client, on a clock that the tests move by hand.

use std::{
    array, panic,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_workbook::{
    clock::{Hold, Readable},
    harness::ms,
    timeline::Recorder,
    verdict::Fault,
};
use tokio::{
    task::{spawn_local, yield_now},
    time::{Instant, advance},
};
use tokio_util::task::AbortOnDropHandle;

/// What a test finds.
pub(crate) type Checked<T = ()> = Result<T, Fault>;

/// How far the clock goes at a time. All times of the tests are multiples of it.
pub(crate) const STEP: Duration = ms(500);

/// How many turns bytes get to arrive, and tasks to act on them, before the clock goes on.
const SETTLE: usize = 8;

/// How many turns a call gets whose answer comes at once. A long one arrives in many pieces, and redirects are many
/// exchanges.
const AT_FIRST: usize = 200;

/// How often a turn looks for what has arrived. Each is a hop: a request arrives, or an answer, or a task acts on it.
const HOPS: usize = 8;

/// A held clock.
pub(crate) struct Scene {
    hold: Hold,
}

impl Scene {
    /// The timeline shows what comes from now on.
    pub(crate) fn new(recorder: &Recorder) -> Self {
        recorder.restart();
        Self { hold: Hold::new() }
    }

    /// A job on another thread and the way back, which takes as long as threads take on this machine, and then the hops.
    async fn turn(&self) {
        self.hold.turns(1).await;
        for _ in 0..HOPS {
            yield_now().await;
        }
    }

    /// Whatever is on its way arrives. No time passes.
    pub(crate) async fn settle(&self) {
        for _ in 0..SETTLE {
            self.turn().await;
        }
    }

    /// Whether it comes to that without time passing.
    pub(crate) async fn soon(&self, mut done: impl FnMut() -> bool) -> bool {
        for _ in 0..AT_FIRST {
            if done() {
                return true;
            }
            self.turn().await;
        }
        done()
    }

    /// Lets time pass, step by step, until it comes to that. Returns whether it does before `limit` has passed.
    pub(crate) async fn until(&self, limit: Duration, mut done: impl FnMut() -> bool) -> bool {
        let end = Instant::now() + limit;
        loop {
            for _ in 0..SETTLE {
                if done() {
                    return true;
                }
                self.turn().await;
            }
            if Instant::now() >= end {
                return done();
            }
            advance(STEP).await;
        }
    }

    /// Lets so much time pass.
    pub(crate) async fn pass(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.settle().await;
            advance(STEP).await;
        }
        self.settle().await;
    }

    /// Lets time pass until the call has ended. `None` if it hasn't after `limit`.
    pub(crate) async fn end_of<T>(&self, limit: Duration, call: Call<T>) -> Option<Ended<T>> {
        if self.until(limit, || call.has_ended()).await {
            Some(call.end().await)
        } else {
            None
        }
    }

    /// The same of a call whose answer comes at once.
    pub(crate) async fn end_at_once<T>(&self, limit: Duration, call: Call<T>) -> Option<Ended<T>> {
        self.soon(|| call.has_ended()).await;
        self.end_of(limit, call).await
    }
}

/// A running call, in its own task. Dropping it is like a caller that goes away.
pub(crate) struct Call<T>(AbortOnDropHandle<Ended<T>>);

/// What a call came to, and how long it took.
#[derive(Debug)]
pub(crate) struct Ended<T> {
    pub(crate) result: T,
    pub(crate) took: Duration,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn start(call: impl Future<Output = T> + Send + 'static) -> Self {
        Self(AbortOnDropHandle::new(tokio::spawn(ended(call))))
    }
}

impl<T: 'static> Call<T> {
    /// On the `LocalSet` of the caller.
    pub(crate) fn start_local(call: impl Future<Output = T> + 'static) -> Self {
        Self(AbortOnDropHandle::new(spawn_local(ended(call))))
    }
}

async fn ended<T>(call: impl Future<Output = T>) -> Ended<T> {
    let start = Instant::now();
    let result = call.await;
    Ended {
        result,
        took: start.elapsed(),
    }
}

impl<T> Call<T> {
    pub(crate) fn has_ended(&self) -> bool {
        self.0.is_finished()
    }

    /// A panic of the call goes on here.
    pub(crate) async fn end(self) -> Ended<T> {
        match self.0.await {
            Ok(ended) => ended,
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }
}

/// A time as verdicts show it: `0.5 s`.
pub(crate) fn shown(time: Duration) -> Readable {
    Readable(time)
}

/// Numbers that no other test of this process has used, so nothing that an answer keeps can know them.
pub(crate) fn new_ids<const N: usize>() -> [u64; N] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    array::from_fn(|_| NEXT.fetch_add(1, Ordering::Relaxed))
}
