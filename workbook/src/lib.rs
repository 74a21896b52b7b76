//! The parts that run the course, and the commands of the `workbook` program.
//!
//! What runs the course:
//!
//! - [`course`]: the chapters, read from their files
//! - [`grade`]: builds and runs an answer, and turns whatever it does into a verdict
//! - [`progress`]: what the grader last proved, kept on disk
//! - [`report`]: verdicts and chapters as lines for the terminal
//! - [`speedups`]: what `cargo bench` measured, as a table and as a chart
//! - [`page`]: the pages of the book as text
//! - [`events`]: that something changed in a folder
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
//! What a learner wrote is never an error: however broken, it leads to a [`Verdict`](async_workbook::verdict::Verdict).
//! An `Err` is a fault of the surroundings (no cargo, an unreadable folder). Each module has its own
//! error type, whose message names the file, the cause, and the command to type next.

pub mod bench;
pub mod check;
pub mod command;
pub mod completions;
pub mod course;
pub mod doctor;
pub mod events;
pub mod exit;
pub mod grade;
pub mod hint;
pub mod lesson;
pub mod list;
pub mod next;
pub mod page;
pub mod progress;
pub mod quiz;
pub mod report;
pub mod reset;
pub mod review;
pub mod solution;
pub mod speedups;
pub mod watch;
