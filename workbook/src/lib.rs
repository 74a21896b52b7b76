//! The parts that run the course, and the commands of the `workbook` program.
//!
//! From the ground up: each module imports only what stands before it, and a test holds it to that.
//!
//! - [`exit`]: the exit codes of all commands
//! - [`text`]: text as data: lines of spans, each with a role
//! - [`console`]: standard input and output, and the terminal that they may be
//! - [`file_events`]: that something changed in a folder
//! - [`editor`]: the learner's editor
//! - [`misconceptions`]: the name of every misconception, what it means, and how it shows
//! - [`page`]: the pages of the book as text
//! - [`messages`]: which section of the book is about what the compiler says
//! - [`mod@markdown`]: a page laid out for the terminal
//! - [`course`]: the chapters, read from their files
//! - [`grade`]: builds and runs an answer, and turns whatever it does into a verdict
//! - [`lesson`]: the program that runs a lesson, what it printed, and what was expected beside what is so
//! - [`progress`]: what the grader last proved, kept on disk
//! - [`kept`]: copies of what a learner wrote, made before a file is changed
//! - [`update`]: a newer version of the course, merged with what the learner wrote
//! - [`saves`]: that an exercise was saved, and what is in it now
//! - [`search`]: finds chapters by what is in them
//! - [`questions`]: the questions of the chapters, and when they come back
//! - [`report`]: verdicts and chapters as text, as JSON, and as JUnit XML
//! - [`settings`]: how to grade and how to print, whichever command does
//! - [`error`]: why a command could not do what it was asked for
//! - [`class`]: what a class handed in, graded, and what came of it
//! - [`interrupt`]: how a command ends
//! - [`solution`]: the reference solution of a chapter
//! - [`context`]: the course of the current folder, and what is remembered of the learner
//! - [`overview`]: the chapters at a glance, and the next step
//! - [`dialogue`]: questions that are asked line by line
//! - [`watch`]: the workbook on a terminal: grades every save, with everything else a key away
//! - [`commands`]: the commands, a module each
//!
//! # Errors
//!
//! What a learner wrote is never an error: however broken, it leads to a [`Verdict`](async_workbook::verdict::Verdict).
//! An `Err` is a fault of the surroundings (no cargo, an unreadable folder). Each module has its own
//! error type, whose message names the file, the cause, and the command to type next.

pub mod class;
pub mod commands;
pub mod console;
pub mod context;
pub mod course;
pub mod dialogue;
pub mod editor;
pub mod error;
pub mod exit;
pub mod file_events;
pub mod grade;
pub mod interrupt;
pub mod kept;
pub mod lesson;
pub mod markdown;
pub mod messages;
pub mod misconceptions;
pub mod overview;
pub mod page;
pub mod progress;
pub mod questions;
pub mod report;
pub mod saves;
pub mod search;
pub mod settings;
pub mod solution;
pub mod text;
pub mod update;
pub mod watch;
