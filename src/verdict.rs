//! What is said of an answer: passed, not started, or wrong and why.
//!
//! A hidden test is an ordinary `#[test]` whose body is one call of [`examine`]. It runs the code
//! under study on a paused clock of its own, records its timeline, and ends in a [`Verdict`], which
//! can be read as it stands where `cargo test` prints it, and is handed to the grader as data.
//!
//! ```
//! # use std::time::Duration;
//! # use async_workbook::{clock::timed, services::upstream::Upstream};
//! # async fn fetch_both(upstream: &Upstream) { tokio::join!(upstream.fetch("a"), upstream.fetch("b")); }
//! use async_workbook::verdict::{Fault, ensure, examine};
//!
//! // #[test]
//! fn both_calls_overlap() {
//!     examine(async |_recorder| {
//!         let second = Duration::from_secs(1);
//!         let upstream = Upstream::builder().page("a", second).page("b", second).build();
//!         let ((), took) = timed(fetch_both(&upstream)).await;
//!         ensure(took == second, || {
//!             Fault::new("awaits_in_a_loop")
//!                 .happened("the second call began only after the first had ended")
//!                 .expected("both calls wait at the same time")
//!                 .next("make both futures first, then await them together with `join!`")
//!         })
//!     });
//! }
//! # both_calls_overlap();
//! ```

mod examine;
mod moments;
mod panics;
mod picture;
mod timeout_diagnosis;
mod words;

use std::{fmt, time::Duration};

pub use examine::{ensure, examine, examine_blocking};
pub use moments::{mark, mark_in, returns};
pub use panics::{catch_panic, catch_panic_blocking, panics_so_far};
pub use picture::{Picture, show};
use serde::{Deserialize, Serialize};
pub use timeout_diagnosis::TimeoutDiagnosis;
pub use words::{About, Below, Words, escape_control};

use crate::timeline::Timeline;

/// The outcome of grading a task.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every hidden test of the task was run to its end and was content.
    Passed,
    /// The code came to a `todo!()`.
    NotStarted {
        /// The words inside the `todo!()`.
        hole: String,
        /// Where it stands.
        at: Place,
    },
    /// The function is as it came, without a hole: whether it has a fault is for the learner to find out.
    Untouched {
        /// Where it stands.
        at: Place,
    },
    /// The code works otherwise than the task asks.
    Wrong {
        /// Why.
        fault: Fault,
        /// What ran when.
        timeline: Timeline,
    },
    /// The code panicked where nothing should.
    Panicked {
        /// The panic's message.
        message: String,
        /// Where it was raised.
        at: Place,
        /// What ran until then.
        timeline: Timeline,
    },
    /// Every task waited, and nothing on the runtime was left that could have woken one of them.
    Stuck {
        /// What ran, and what was still open.
        timeline: Timeline,
    },
    /// The file does not compile.
    DoesNotCompile {
        /// The compiler's first error, as it renders it.
        error: String,
        /// Whether it comes from the line that hands the answer to the hidden tests, which means that a name or a
        /// signature was changed.
        in_hidden_tests: bool,
    },
    /// The compiler did not come to an end with the file, and was stopped.
    CompiledTooLong {
        /// How long it was given.
        limit: Duration,
    },
    /// The compiler asked for too much memory for the file, and was stopped.
    CompilerOutOfMemory {
        /// How many bytes it was allowed.
        limit: u64,
    },
    /// There is nothing to compile.
    Unreadable {
        /// What is wrong with the file.
        cause: String,
    },
    /// The file compiles, but the hidden tests are no part of it.
    HiddenTestsMissing,
    /// The code never came to an end and was stopped.
    NeverReturned {
        /// How long it was given.
        limit: Duration,
        /// What ran until then.
        timeline: Timeline,
    },
    /// The code printed without end and was stopped.
    PrintedTooMuch {
        /// How many bytes it was allowed.
        limit: u64,
    },
    /// The code asked for memory without end and was stopped.
    OutOfMemory {
        /// How many bytes it was allowed.
        limit: u64,
    },
    /// Each call went deeper than the one before, until the stack was full.
    StackOverflow,
    /// The code panicked while another panic was on its way, which ends the process.
    PanickedTwice,
    /// The process ended before the hidden test did.
    EndedEarly {
        /// How it ended: an exit status, or a signal.
        how: String,
    },
}

impl Verdict {
    /// What ran, if that is known.
    #[must_use]
    pub fn timeline(&self) -> Option<&Timeline> {
        match self {
            Self::Wrong { timeline, .. }
            | Self::Panicked { timeline, .. }
            | Self::Stuck { timeline }
            | Self::NeverReturned { timeline, .. } => Some(timeline),
            _ => None,
        }
    }

    /// The line that it is about, if it is known.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::NotStarted { at, .. } | Self::Untouched { at } | Self::Panicked { at, .. } => {
                Some(at)
            }
            _ => None,
        }
    }

    /// What else ran, in lines of text.
    #[must_use]
    pub fn drawing(&self) -> Option<&str> {
        match self {
            Self::Wrong { fault, .. } => fault.drawing.as_deref(),
            _ => None,
        }
    }

    /// Whether it is said of the whole file rather than of one task.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        matches!(
            self,
            Self::DoesNotCompile { .. }
                | Self::CompiledTooLong { .. }
                | Self::CompilerOutOfMemory { .. }
                | Self::Unreadable { .. }
                | Self::HiddenTestsMissing
        )
    }
}

/// A file and a line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Place {
    /// The file, as the compiler was given it.
    pub file: String,
    /// The line, counted from one.
    pub line: u32,
}

impl Place {
    /// Nobody knows where.
    fn unknown() -> Self {
        Self {
            file: String::new(),
            line: 0,
        }
    }
}

/// `src/gather.rs:24`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str("an unknown place"),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// Why an answer is wrong, in the learner's words.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Fault {
    /// The misconception behind it, in `snake_case`. It is also the file name of the wrong answer that
    /// proves that it is recognised, and the heading of the section that explains it in the book.
    pub misconception: String,
    /// What the code did.
    pub happened: String,
    /// What was expected of it.
    pub expected: String,
    /// What to try next.
    pub next: String,
    /// What ran, in lines of text, where a timeline cannot show it: each with a line break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<String>,
}

impl Fault {
    /// Starts the description of a fault from its misconception.
    #[must_use]
    pub fn new(misconception: &str) -> Self {
        Self {
            misconception: misconception.to_owned(),
            happened: String::new(),
            expected: String::new(),
            next: String::new(),
            drawing: None,
        }
    }

    /// Says what the code did.
    #[must_use]
    pub fn happened(mut self, happened: impl Into<String>) -> Self {
        self.happened = happened.into();
        self
    }

    /// Says what was expected of it.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what to try next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }

    /// Shows what ran, where a timeline cannot: lines of text, no wider than 70 columns. An empty drawing is none.
    #[must_use]
    pub fn drawn(mut self, drawing: impl Into<String>) -> Self {
        self.drawing = Some(drawing.into()).filter(|drawing| !drawing.is_empty());
        self
    }

    /// The misconception as words: `awaits in a loop`.
    #[must_use]
    pub fn name(&self) -> String {
        self.misconception.replace('_', " ")
    }

    /// The id of the heading that explains it in the book: `awaits-in-a-loop`.
    #[must_use]
    pub fn anchor(&self) -> String {
        self.misconception.replace('_', "-")
    }
}
