//! What the lessons, the exercises and their hidden tests are written with. A path of Rust is a path of `src`.
//!
//! - [`services`]: what code under study calls: a simulated remote service, a mailer, a bank, and work for the CPU
//! - [`probes`]: what watches such code: its drops, its threads, and a heartbeat beside it
//! - [`clock`]: real time, or tokio's paused clock, on which every figure is exact
//! - [`chart`]: bars along an axis of time, as an image for a page
//! - [`harness`]: runs the hidden tests of a task, and reports to the grader
//! - [`timeline`]: a `tracing` layer that records which futures ran and waited when, and draws them
//! - [`verdict`]: how a hidden test says what happened, what was expected, and what to try next

pub mod chart;
pub mod clock;
pub mod harness;
pub mod probes;
pub mod services;
pub mod timeline;
pub mod verdict;
