//! How the workbook's commands end.

use std::process::{ExitCode, Termination};

/// The exit codes of every command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Exit {
    /// Everything asked for was done; where something was graded, every task is passed. (`class` has done all that it was
    /// asked for once it has graded everybody.)
    Passed = 0,
    /// At least one task is not passed.
    Failed = 1,
    /// The command line could not be understood. (This is also what clap ends with.)
    Usage = 2,
    /// Nothing could be graded, through no fault of the learner's: no cargo, a broken clone.
    Environment = 3,
    /// Stopped by Ctrl-C, by `kill`, or with its terminal. (128 and the number of SIGINT, as in shells.)
    Interrupted = 130,
    /// The reader of the output went away, as `head` does. (128 and the number of SIGPIPE.)
    ClosedPipe = 141,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
