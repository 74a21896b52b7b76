//! The record of one call: when it was created, polled, and ended, by which task, and where.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::ThreadId,
};

use tokio::{
    runtime::{self, Handle},
    task,
    time::Instant,
};
use tracing::Span;

use crate::probes::lifecycle::{self, Lifecycle, LifecycleLog, Ticket};

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

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl Call {
    fn of(call: &Lifecycle<String, Outcome>) -> Self {
        let start = call.start;
        // A future that is dropped before it is polled was never a call, and so has no end.
        let end = start.and(call.end);
        Self {
            path: call.subject.clone(),
            created: call.made,
            started: start.map(|start| start.at),
            ended: end.map(|end| end.at),
            outcome: end.map(|end| end.outcome),
            task: start.and_then(|start| start.task),
            thread: start.map(|start| start.thread),
            runtime: start.and_then(|start| start.runtime),
        }
    }
}

/// All calls of one upstream, in the order in which they were created.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallLog {
    calls: LifecycleLog<String, Outcome>,
    // The last one alone: each handle keeps the file descriptors of its runtime open.
    last_runtime: Arc<Mutex<Option<Handle>>>,
}

impl CallLog {
    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls.all(Call::of)
    }

    pub(crate) fn last_runtime(&self) -> Option<Handle> {
        self.lock_runtime().clone()
    }

    /// Begins the record of a call. The `outcome` field of `span` is recorded with its end.
    pub(crate) fn created(&self, path: &str, span: Span) -> CallTicket {
        CallTicket {
            ticket: self.calls.made(path.to_owned(), span),
            log: self.clone(),
        }
    }

    // The lock is held for an assignment or a copy, and never across an await.
    fn lock_runtime(&self) -> MutexGuard<'_, Option<Handle>> {
        self.last_runtime
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the record of one call; dropped before [`ended`](Self::ended), it records a cancelled call.
#[derive(Debug)]
#[must_use = "a ticket that is dropped records a cancelled call"]
pub(crate) struct CallTicket {
    ticket: Ticket<String, Outcome>,
    log: CallLog,
}

impl CallTicket {
    pub(crate) fn started(&mut self) {
        self.ticket.started();
        *self.log.lock_runtime() = Handle::try_current().ok();
    }

    pub(crate) fn ended(self, outcome: Outcome) {
        self.ticket.ended(outcome);
    }
}
