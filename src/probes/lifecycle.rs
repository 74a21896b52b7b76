//! The lives of futures: when each was made, first polled and ended, by whom, and how.
//!
//! [`Drops`](super::drops::Drops) and the simulated [services](crate::services) all record this of what they watch, each
//! with a subject and with outcomes of its own. Times are those of tokio's clock; outside a runtime, those of the wall
//! clock.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, ThreadId},
};

use tokio::{
    runtime::{self, Handle},
    task,
    time::Instant,
};
use tracing::Span;

/// How a future can end.
pub(crate) trait Outcome: Copy {
    /// The end of a future that is dropped before it has another outcome.
    const DROPPED: Self;

    /// The word that a [timeline](crate::timeline) records for it.
    fn word(self) -> &'static str;
}

/// What is known of one future.
#[derive(Clone, Debug)]
pub(crate) struct Lifecycle<S, O> {
    /// What it is about.
    pub(crate) subject: S,
    /// When it was made.
    pub(crate) made: Instant,
    /// Its first poll; `None` if there was none.
    pub(crate) start: Option<Start>,
    /// Its end; `None` while it is alive.
    pub(crate) end: Option<End<O>>,
}

/// The first poll of a future.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) at: Instant,
    pub(crate) thread: ThreadId,
    /// `None` outside any task, as in `block_on`.
    pub(crate) task: Option<task::Id>,
    /// The runtime in whose context it was polled; `None` outside of any.
    pub(crate) runtime: Option<runtime::Id>,
}

/// The end of a future, however it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End<O> {
    pub(crate) at: Instant,
    pub(crate) outcome: O,
}

impl<S, O: Copy> Lifecycle<S, O> {
    pub(crate) fn outcome(&self) -> Option<O> {
        self.end.map(|end| end.outcome)
    }
}

/// A record of lives. Clones share it.
#[derive(Debug)]
pub(crate) struct LifecycleLog<S, O>(Arc<Mutex<Lives<S, O>>>);

#[derive(Debug)]
struct Lives<S, O> {
    made: Vec<Lifecycle<S, O>>,
    /// Indices of those that ended, in the order in which they did: on a paused clock, several end at the same moment.
    ended: Vec<usize>,
}

impl<S, O: Outcome> LifecycleLog<S, O> {
    /// Begins the record of a future that is made now. The `outcome` field of `span` is recorded with its end; it stays
    /// empty if the future is dropped.
    pub(crate) fn made(&self, subject: S, span: Span) -> Ticket<S, O> {
        let index = self.with(|lives| {
            lives.made.push(Lifecycle {
                subject,
                made: Instant::now(),
                start: None,
                end: None,
            });
            lives.made.len() - 1
        });
        Ticket {
            log: self.clone(),
            index,
            span,
        }
    }

    /// What `read` makes of each life, in the order in which the futures were made.
    pub(crate) fn all<T>(&self, read: impl FnMut(&Lifecycle<S, O>) -> T) -> Vec<T> {
        self.with(|lives| lives.made.iter().map(read).collect())
    }

    /// What `read` finds in those that ended, in the order in which they did.
    pub(crate) fn ended<T>(&self, read: impl FnMut(&Lifecycle<S, O>) -> Option<T>) -> Vec<T> {
        self.with(|lives| {
            let ended = lives.ended.iter().map(|&index| &lives.made[index]);
            ended.filter_map(read).collect()
        })
    }

    /// How many lives are as `wanted` says.
    pub(crate) fn count(&self, mut wanted: impl FnMut(&Lifecycle<S, O>) -> bool) -> usize {
        self.with(|lives| lives.made.iter().filter(|life| wanted(life)).count())
    }
}

impl<S, O> LifecycleLog<S, O> {
    // The lock is held for a few assignments or a copy and never across an await, so the mutex of the standard
    // library is the right one. A panic elsewhere leaves no record half written: poison is ignored.
    fn with<T>(&self, change: impl FnOnce(&mut Lives<S, O>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

// Derived, these two would ask for the same of `S` and `O`.
impl<S, O> Clone for LifecycleLog<S, O> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, O> Default for LifecycleLog<S, O> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Lives {
            made: Vec::new(),
            ended: Vec::new(),
        })))
    }
}

/// Writes the record of one future, which owns it; dropped before [`ended`](Self::ended), it records a dropped future.
#[derive(Debug)]
#[must_use = "a ticket that is dropped records a dropped future"]
pub(crate) struct Ticket<S, O: Outcome> {
    log: LifecycleLog<S, O>,
    index: usize,
    span: Span,
}

impl<S, O: Outcome> Ticket<S, O> {
    /// Records the first poll: now, on this thread.
    pub(crate) fn started(&mut self) {
        let start = Start {
            at: Instant::now(),
            thread: thread::current().id(),
            task: task::try_id(),
            runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
        };
        self.log
            .with(|lives| lives.made[self.index].start = Some(start));
    }

    /// Records the end.
    pub(crate) fn ended(self, outcome: O) {
        self.span.record("outcome", outcome.word());
        self.end(outcome);
    }

    fn end(&self, outcome: O) {
        let at = Instant::now();
        self.log.with(|lives| {
            let life = &mut lives.made[self.index];
            if life.end.is_none() {
                life.end = Some(End { at, outcome });
                lives.ended.push(self.index);
            }
        });
    }
}

impl<S, O: Outcome> Drop for Ticket<S, O> {
    fn drop(&mut self) {
        // Changes nothing if the end is known already.
        self.end(O::DROPPED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    enum Ending {
        Done,
        Dropped,
    }

    impl Outcome for Ending {
        const DROPPED: Self = Self::Dropped;

        fn word(self) -> &'static str {
            "done"
        }
    }

    fn subjects(log: &LifecycleLog<&'static str, Ending>) -> [Vec<&'static str>; 2] {
        [
            log.all(|life| life.subject),
            log.ended(|life| Some(life.subject)),
        ]
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_end_at_the_same_moment_keep_their_order() {
        let log = LifecycleLog::<_, Ending>::default();
        let tickets = ["a", "b", "c"].map(|subject| log.made(subject, Span::none()));
        let [a, b, _c] = tickets;
        b.ended(Ending::Done);
        assert_eq!(subjects(&log), [vec!["a", "b", "c"], vec!["b"]]);
        drop(a);
        assert_eq!(subjects(&log)[1], ["b", "a"]);
        let outcomes = log.all(Lifecycle::outcome);
        assert_eq!(outcomes, [Some(Ending::Dropped), Some(Ending::Done), None]);
    }

    #[test]
    fn outside_a_runtime_a_start_has_a_thread_and_no_more() {
        let log = LifecycleLog::<_, Ending>::default();
        let mut ticket = log.made((), Span::none());
        assert_eq!(log.count(|life| life.start.is_some()), 0);
        ticket.started();
        ticket.ended(Ending::Done);
        let starts = log.all(|life| life.start);
        let start = starts[0].expect("it has started");
        assert_eq!(start.thread, thread::current().id());
        assert_eq!((start.task, start.runtime), (None, None));
    }
}
