//! What every command has in common: its settings, its errors, and how it is stopped.

use std::{future, io, time::Duration};

use clap::Args;
use tokio::signal;

use crate::{
    course::{Course, CourseError},
    exit::Exit,
    grade::{DEFAULT_TIME_LIMIT, GradeError, Grader},
    progress::ProgressError,
};

/// How to grade, whichever command does.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// How many seconds a hidden test may run before it is stopped.
    #[arg(long, value_name = "SECONDS", env = "WORKBOOK_TIME_LIMIT", default_value_t = DEFAULT_TIME_LIMIT.as_secs_f64(), value_parser = seconds)]
    time_limit: f64,

    #[command(flatten)]
    color: colorchoice_clap::Color,
}

impl Settings {
    /// Has every stream that is opened from here on use colours as it is asked for.
    pub fn choose_colours(&self) {
        self.color.write_global();
    }

    /// A grader for the stubs of `course`.
    #[must_use]
    pub fn grader(&self, course: &Course) -> Grader {
        let mut grader = Grader::of_stubs(course);
        grader.limits.time = Duration::from_secs_f64(self.time_limit);
        grader
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        // A day is longer than anybody waits, and far from what a Duration can hold.
        Ok(seconds) if (0.1..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("give a number of seconds from 0.1 to 86400".into()),
    }
}

/// Awaits a command until it is done or the process is asked to end, which drops the command and all that
/// it runs. An error is written to standard error.
pub(crate) async fn until_interrupted(command: impl Future<Output = Result<Exit, Error>>) -> Exit {
    tokio::select! {
        result = command => result.unwrap_or_else(|error| {
            if error.exit() != Exit::ClosedPipe {
                anstream::eprintln!("error: {error}");
            }
            error.exit()
        }),
        () = asked_to_end() => Exit::Interrupted,
    }
}

/// Waits for Ctrl-C; on Unix also for `kill`, and for the terminal to be closed.
async fn asked_to_end() {
    let ctrl_c = async {
        // Where it cannot be listened for, the system ends the process by itself.
        if signal::ctrl_c().await.is_err() {
            future::pending().await
        }
    };
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        let asked = async |kind| match signal(kind) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => future::pending().await,
        };
        tokio::select! {
            () = ctrl_c => {}
            () = asked(SignalKind::terminate()) => {}
            () = asked(SignalKind::hangup()) => {}
        }
    }
    #[cfg(not(unix))]
    ctrl_c.await;
}

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The course could not be read.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// Progress could not be read or written.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// The grader could not do its work.
    #[error(transparent)]
    Grade(#[from] GradeError),
    /// What is to be said could not be written.
    #[error("cannot write to standard output: {0}; is the disk full?")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit code for it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Course(CourseError::NoSuchChapter { .. }) => Exit::Usage,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::ClosedPipe,
            _ => Exit::Environment,
        }
    }
}
