//! What waits for a peer that reads more slowly than others write.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;
use tracing::{Span, info_span};

/// A message to one peer. The timeline shows how long it waits: from here to `sent`, or to its drop.
pub(crate) struct Letter {
    pub(crate) text: Message,
    span: Span,
}

impl Letter {
    pub(crate) fn new(peer: &str, number: u32) -> Self {
        let label = format!("{peer} {number}");
        let span = info_span!("letter", label, outcome = tracing::field::Empty);
        span.in_scope(|| {}); // The timeline counts from the first time inside.
        let text = Message::text(format!("{number:>30}"));
        Self { text, span }
    }

    pub(crate) fn sent(self) {
        self.span.record("outcome", "finished");
    }
}

// ANCHOR: outbox
/// Holds no more than `room` letters. If another one comes, the oldest makes way.
pub(crate) struct Outbox<T = Letter> {
    room: usize,
    state: Mutex<State<T>>,
    changed: Notify,
}

struct State<T> {
    waiting: VecDeque<T>,
    /// How many have made way since the last one was taken, and in all.
    missed: u64,
    missed_in_all: u64,
    most_waiting: usize,
    is_closed: bool,
}

impl<T> Outbox<T> {
    /// Waits for nobody: whoever has something to say to many can't wait for each of them.
    pub(crate) fn push(&self, letter: T) {
        let mut state = self.state();
        if state.waiting.len() == self.room {
            state.waiting.pop_front();
            state.missed += 1;
            state.missed_in_all += 1;
        }
        state.waiting.push_back(letter);
        state.most_waiting = state.most_waiting.max(state.waiting.len());
        self.changed.notify_one();
    }

    /// The next letter, and how many were missed before it. `None` when it's closed and empty.
    ///
    /// # Cancel safety
    ///
    /// Dropping this takes nothing out.
    pub(crate) async fn next(&self) -> Option<(u64, T)> {
        loop {
            {
                let mut state = self.state();
                if let Some(letter) = state.waiting.pop_front() {
                    return Some((mem::take(&mut state.missed), letter));
                }
                if state.is_closed {
                    return None;
                }
            }
            // A letter that comes between the look and this wait leaves its permit here.
            self.changed.notified().await;
        }
    }
    // ANCHOR_END: outbox

    pub(crate) fn new(room: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            missed: 0,
            missed_in_all: 0,
            most_waiting: 0,
            is_closed: false,
        };
        Self {
            room,
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_one();
    }

    pub(crate) fn summary(&self, peer: &str) -> String {
        let state = self.state();
        let (waited, verb) = (
            state.most_waiting,
            if state.most_waiting == 1 {
                "waits"
            } else {
                "wait"
            },
        );
        match state.missed_in_all {
            0 => format!("up to {waited} {verb} for {peer}"),
            missed => {
                format!("up to {waited} {verb} for {peer}, who is told that he missed {missed}")
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // No await happens under this lock, and no change is left half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
