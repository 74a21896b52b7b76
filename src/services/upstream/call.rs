//! The record of one call: when it was created, polled, and ended, by which task, and where.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, ThreadId},
};

use tokio::{
    runtime::{self, Handle},
    task,
    time::Instant,
};

/// What is known of one call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The path that was asked for.
    pub path: String,
    /// When the future was made.
    pub created: Instant,
    /// When the future was first polled, which is when the call began; `None` if it never was.
    pub started: Option<Instant>,
    /// When the call ended, however it did; `None` while it is under way.
    pub ended: Option<Instant>,
    /// How the call ended; `None` while it is under way, or if it never began.
    pub outcome: Option<Outcome>,
    /// The tokio task that polled the call first; `None` outside any task, as in `block_on`.
    pub task: Option<task::Id>,
    /// The thread that polled the call first; `None` if nobody did.
    pub thread: Option<ThreadId>,
    /// The runtime in whose context the call was first polled; `None` outside of any.
    pub runtime: Option<runtime::Id>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With a page.
    Answered,
    /// With an error.
    Failed,
    /// Not at all: its future was dropped half way.
    Dropped,
}

impl Outcome {
    /// The word that a timeline records for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// All calls of one upstream, in the order in which they were created.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallLog(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    calls: Vec<Call>,
    // The last one alone: each handle keeps the file descriptors of its runtime open.
    runtime: Option<Handle>,
}

impl CallLog {
    pub(crate) fn all(&self) -> Vec<Call> {
        self.with(|log| log.calls.clone())
    }

    pub(crate) fn last_runtime(&self) -> Option<Handle> {
        self.with(|log| log.runtime.clone())
    }

    pub(crate) fn created(&self, path: &str) -> Ticket {
        let index = self.with(|log| {
            log.calls.push(Call {
                path: path.to_owned(),
                created: Instant::now(),
                started: None,
                ended: None,
                outcome: None,
                task: None,
                thread: None,
                runtime: None,
            });
            log.calls.len() - 1
        });
        Ticket {
            log: self.clone(),
            index,
        }
    }

    // The lock is held for a few assignments and never across an await, so the mutex of the standard
    // library is the right one. A panic elsewhere leaves no call half written: poison is ignored.
    fn with<T>(&self, change: impl FnOnce(&mut Log) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the record of one call; dropped before [`ended`](Self::ended), it records a cancelled call.
#[derive(Debug)]
#[must_use = "a ticket that is dropped records a cancelled call"]
pub(crate) struct Ticket {
    log: CallLog,
    index: usize,
}

impl Ticket {
    pub(crate) fn started(&mut self) {
        let runtime = Handle::try_current().ok();
        self.change(|call| {
            call.started = Some(Instant::now());
            call.task = task::try_id();
            call.thread = Some(thread::current().id());
            call.runtime = runtime.as_ref().map(Handle::id);
        });
        self.log.with(|log| log.runtime = runtime);
    }

    pub(crate) fn ended(self, outcome: Outcome) {
        self.change(|call| {
            call.ended = Some(Instant::now());
            call.outcome = Some(outcome);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Call)) {
        self.log.with(|log| change(&mut log.calls[self.index]));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.change(|call| {
            if call.started.is_some() && call.outcome.is_none() {
                call.ended = Some(Instant::now());
                call.outcome = Some(Outcome::Dropped);
            }
        });
    }
}
