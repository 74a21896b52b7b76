//! What the lessons, the exercises and their hidden tests are written with.
//!
//! - [`clock`]: real time, or tokio's paused clock, on which every figure is exact
//! - [`mailer`]: a simulated mailer that takes its time, fails, and remembers what it sent
//! - [`drops`]: a drop counter: which futures were made, polled, finished or dropped, and when
//! - [`harness`]: runs the hidden tests of a task, and reports to the grader
//! - [`heartbeat`]: a sibling task whose beats show whether the runtime's thread is free
//! - [`threads`]: records which threads polled which futures, and how many of them at the same moment
//! - [`timeline`]: a `tracing` layer that records which futures ran and waited when, and draws them
//! - [`upstream`]: a simulated remote service that counts, delays, fails and holds back its answers
//! - [`verdict`]: how a hidden test says what happened, what should have, and what to do next

pub mod clock;
pub mod drops;
pub mod harness;
pub mod heartbeat;
pub mod mailer;
pub mod threads;
pub mod timeline;
pub mod upstream;
pub mod verdict;
