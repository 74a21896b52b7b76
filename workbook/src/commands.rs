//! The commands, a module each: what each is asked for on the command line, and what it does then.
//!
//! They are the roof of the house: only `main` names them, and none names another.

pub mod bench;
pub mod check;
pub mod class;
pub mod completions;
pub mod doctor;
pub mod hint;
pub mod lesson;
pub mod list;
pub mod next;
pub mod quiz;
pub mod reset;
pub mod review;
pub mod solution;
pub mod update;
pub mod watch;
