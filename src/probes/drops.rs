//! A drop counter for futures: which of those handed to the code under study were made, polled,
//! finished or dropped, and when.
//!
//! An [`Upstream`](crate::services::upstream::Upstream) records the calls that reach it. [`Drops`] does the same for
//! futures of any kind, and for each part of their lives: a timeout that gives up has to drop what it
//! waited for, and whoever retries has to make a new call for each attempt. Times are those of tokio's
//! clock, and exact on a paused one. What is watched shows on a [timeline](crate::timeline), too.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::probes::drops::{Drops, Outcome};
//! use tokio::time::{sleep, timeout};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let second = Duration::from_secs(1);
//! let drops = Drops::new();
//! let start = tokio::time::Instant::now();
//!
//! let slow = drops.watch("slow", sleep(20 * second));
//! assert!(timeout(second, slow).await.is_err());
//!
//! let slow = &drops.lives()[0];
//! assert_eq!(slow.outcome, Some(Outcome::Dropped));
//! assert_eq!(slow.ended, Some(start + second), "dropped at once");
//! # }
//! ```

use std::{
    future::Future,
    panic::{self, AssertUnwindSafe},
    thread::ThreadId,
};

use futures::FutureExt as _;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::lifecycle::{self, Lifecycle, LifecycleLog};

/// Records the lives of the futures that it is given to watch. Clones share one record.
#[derive(Clone, Debug, Default)]
pub struct Drops(LifecycleLog<String, Outcome>);

/// What is known of one future.
#[derive(Clone, Debug)]
pub struct Life {
    /// What the future is called.
    pub label: String,
    /// When it was made, which is when [`Drops::watch`] was called.
    pub made: Instant,
    /// When it was first polled; `None` if it never was.
    pub polled: Option<Instant>,
    /// The thread that polled it first.
    pub thread: Option<ThreadId>,
    /// When it ended, however it did; `None` while it is alive.
    pub ended: Option<Instant>,
    /// How it ended; `None` while it is alive.
    pub outcome: Option<Outcome>,
}

/// How a future ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With its output.
    Finished,
    /// With a panic.
    Panicked,
    /// Not at all: it was dropped half way, or before it was ever polled.
    Dropped,
}

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Panicked => "panicked",
            Self::Dropped => "dropped",
        }
    }
}

impl Drops {
    /// Makes a counter that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wraps `future`, so that its life is recorded. The wrapper is as lazy as what it wraps.
    ///
    /// Outside a runtime, times are those of the wall clock.
    ///
    /// # Panics
    ///
    /// The wrapper panics when `future` does, with the same payload.
    ///
    /// # Cancel safety
    ///
    /// Dropping the wrapper drops `future`, and records that.
    pub fn watch<F: Future>(
        &self,
        label: &str,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        let span = tracing::info_span!("future", label, outcome = tracing::field::Empty);
        let mut ticket = self.0.made(label.to_owned(), span.clone());
        async move {
            ticket.started();
            // Dropped by its own panic, or by somebody else's: only who catches it can tell. A future
            // that panicked is never polled again, so that nobody sees what it left half done.
            let result = AssertUnwindSafe(future).catch_unwind().await;
            ticket.ended(match result {
                Ok(_) => Outcome::Finished,
                Err(_) => Outcome::Panicked,
            });
            result.unwrap_or_else(|payload| panic::resume_unwind(payload))
        }
        .instrument(span)
    }

    /// One record a future, in the order in which they were made.
    #[must_use]
    pub fn lives(&self) -> Vec<Life> {
        self.0.all(Life::of)
    }

    /// How many futures were made.
    #[must_use]
    pub fn made_count(&self) -> usize {
        self.0.count(|_| true)
    }

    /// How many futures ended in this way.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.0.count(|life| life.outcome() == Some(outcome))
    }

    /// How many futures are alive: neither finished nor dropped.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.0.count(|life| life.end.is_none())
    }
}

impl Life {
    fn of(life: &Lifecycle<String, Outcome>) -> Self {
        Self {
            label: life.subject.clone(),
            made: life.made,
            polled: life.start.map(|start| start.at),
            thread: life.start.map(|start| start.thread),
            ended: life.end.map(|end| end.at),
            outcome: life.outcome(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::{
        timeline::{End, Recorder},
        verdict::catch_panic,
    };

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn a_finished_future_has_all_of_its_times() {
        let (drops, start) = (Drops::new(), Instant::now());
        let watched = drops.watch("work", async {
            sleep(ms(30)).await;
            7
        });
        sleep(ms(10)).await;
        assert_eq!((drops.made_count(), drops.alive()), (1, 1));
        assert_eq!(watched.await, 7);
        let life = &drops.lives()[0];
        assert_eq!((life.label.as_str(), life.made), ("work", start));
        assert_eq!(life.polled, Some(start + ms(10)));
        assert_eq!(life.ended, Some(start + ms(40)));
        assert_eq!(life.outcome, Some(Outcome::Finished));
        assert_eq!(life.thread, Some(thread::current().id()));
        assert_eq!((drops.count(Outcome::Finished), drops.alive()), (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_drop_half_way_is_recorded_when_it_happens() {
        let (drops, start) = (Drops::new(), Instant::now());
        let watched = drops.watch("work", sleep(ms(500)));
        assert!(timeout(ms(200), watched).await.is_err());
        let life = &drops.lives()[0];
        assert_eq!(life.outcome, Some(Outcome::Dropped));
        assert_eq!(life.ended, Some(start + ms(200)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_that_nobody_polled_is_dropped_all_the_same() {
        let drops = Drops::new();
        drop(drops.watch("work", sleep(ms(500))));
        let life = &drops.lives()[0];
        assert_eq!((life.polled, life.outcome), (None, Some(Outcome::Dropped)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_recorded_and_goes_on() {
        let drops = Drops::new();
        let panics = drops.watch("panics", async {
            sleep(ms(10)).await;
            panic!("no connection");
        });
        let beside = drops.watch("beside", sleep(ms(500)));
        let both = catch_panic(async { tokio::join!(panics, beside) }).await;
        assert_eq!(both.map(|_: ((), ())| ()), Err("no connection".to_owned()));
        let outcomes: Vec<_> = drops.lives().iter().map(|life| life.outcome).collect();
        assert_eq!(
            outcomes,
            [Some(Outcome::Panicked), Some(Outcome::Dropped)],
            "what is dropped because another one panicked did not panic itself"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_watched_is_drawn() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let drops = Drops::new();
        drops.watch("ends", sleep(ms(10))).await;
        let _elapsed = timeout(ms(10), drops.watch("drops", sleep(ms(20)))).await;
        let rows = recorder.timeline().rows;
        let shown: Vec<_> = rows.iter().map(|row| (&*row.label, row.end)).collect();
        assert_eq!(shown, [("ends", End::Finished), ("drops", End::Dropped)]);
    }
}
