//! The parts that the workbook is made of.
//!
//! What the code under study uses:
//!
//! - [`accepts`]: counts the connections that a server accepts
//! - [`clock`]: real time, or tokio's paused clock, on which every figure is exact
//! - [`mailer`]: a simulated mailer that takes its time, fails, and remembers what it sent
//! - [`database`]: a real SQLite file that counts its connections, and goes when it is dropped
//! - [`drops`]: a drop counter: which futures were made, polled, finished or dropped, and when
//! - [`heartbeat`]: a sibling task whose beats show whether the runtime's thread is free
//! - [`threads`]: records which threads polled which futures, and how many of them at the same moment
//! - [`timeline`]: a `tracing` layer that records which futures ran and waited when, and draws them
//! - [`upstream`]: a simulated remote service that counts, delays, fails and holds back its answers
//! - [`verdict`]: how a hidden test says what happened, what should have, and what to do next
//!
//! What runs the course:
//!
//! - [`course`]: the chapters, read from their files
//! - [`grade`]: builds and runs an answer, and turns whatever it does into a verdict
//! - [`progress`]: what the grader last proved, kept on disk
//! - [`report`]: verdicts and chapters as lines for the terminal
//!
//! - [`speedups`]: what `cargo bench` measured, as a table and as a chart
//! - [`page`]: the pages of the book as text
//!
//! The commands, a module each:
//!
//! - [`command`]: what all of them share: settings, errors, and how they are stopped
//! - [`exit`]: the exit codes of all
//! - [`watch`]: `cargo run`: grades every save, with everything else a key away
//! - [`list`]: the chapters with their state, and the next step
//! - [`check`]: grades chapters and says what came of it; `cargo test -p exercises` too
//! - [`hint`]: the next hint for a task
//! - [`lesson`]: predict, run, compare
//! - [`mod@quiz`]: the questions of a chapter
//! - [`review`]: the questions that come back
//! - [`reset`]: a stub as it came, and the learner's version kept
//! - [`solution`]: the reference solution, after one's own
//! - [`next`]: on to the next chapter
//! - [`mod@bench`]: what `cargo bench` measured last
//! - [`doctor`]: looks at what the workbook needs
//! - [`completions`]: what a shell needs to complete the commands
//!
//! # Errors
//!
//! What a learner wrote is never an error: however broken, it leads to a [`verdict::Verdict`].
//! An `Err` is a fault of the surroundings (no cargo, an unreadable folder). Each module has its own
//! error type, whose message names the file, the cause, and the command to type next.

pub mod accepts;
pub mod bench;
pub mod check;
pub mod clock;
pub mod command;
pub mod completions;
pub mod course;
pub mod database;
pub mod doctor;
pub mod drops;
pub mod exit;
pub mod grade;
pub mod heartbeat;
pub mod hint;
pub mod lesson;
pub mod list;
pub mod mailer;
pub mod next;
pub mod page;
pub mod progress;
pub mod quiz;
pub mod report;
pub mod reset;
pub mod review;
pub mod solution;
pub mod speedups;
pub mod threads;
pub mod timeline;
pub mod upstream;
pub mod verdict;
pub mod watch;
