//! The lives of the futures that an answer is given, and how verdicts show them.

use std::thread::ThreadId;

use async_workbook::{
    clock::Readable,
    harness::ms,
    probes::drops::{Life, Outcome},
};
use tokio::time::Instant;

/// A future under watch, in milliseconds since the function was called.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) made: u64,
    pub(crate) polled: Option<u64>,
    pub(crate) ended: Option<u64>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) elsewhere: bool,
}

impl Watched {
    pub(crate) fn since(start: Instant, home: ThreadId, life: &Life) -> Self {
        Self {
            made: millis(start, life.made),
            polled: life.polled.map(|instant| millis(start, instant)),
            ended: life.ended.map(|instant| millis(start, instant)),
            outcome: life.outcome,
            elsewhere: life.thread.is_some_and(|thread| thread != home),
        }
    }

    /// How its story ends: `was dropped at 0.5 s`.
    pub(crate) fn end(&self) -> String {
        let Some(ended) = self.ended else {
            return "is still alive".into();
        };
        let how = match self.outcome {
            Some(Outcome::Finished) => "went on and finished",
            Some(Outcome::Panicked) => "panicked",
            _ => "was dropped",
        };
        format!("{how} at {}", shown(ended))
    }

    pub(crate) fn was_dropped_at(&self, instant: u64) -> bool {
        self.outcome == Some(Outcome::Dropped) && self.ended == Some(instant)
    }
}

pub(crate) fn millis(start: Instant, instant: Instant) -> u64 {
    let since = instant.saturating_duration_since(start);
    u64::try_from(since.as_millis()).expect("no scenario is that long")
}

/// Milliseconds as they are shown: `0.5 s`.
pub(crate) fn shown(millis: u64) -> Readable {
    Readable(ms(millis))
}
