//! Why a command could not do what it was asked for.

use std::{io, path::PathBuf};

use quiz::QuizError;
use speedups::RecordError;

use crate::{
    console::OutputError,
    course::CourseError,
    exit::Exit,
    grade::{ExecutableError, GradeError},
    progress::{ProgressError, advice},
    update::UpdateError,
};

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The course could not be read.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// The questions could not be read.
    #[error(transparent)]
    Quiz(#[from] QuizError),
    /// What was measured could not be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A program could not be started.
    #[error("cannot start {program}: {source}; `cargo run -- doctor` checks what is installed")]
    Start {
        /// The program.
        program: String,
        /// What the system says of it.
        source: io::Error,
    },
    /// A file could not be read or written.
    #[error("cannot {what} {}: {source}; {}", .file.display(), advice(.source))]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// What was named is no folder with answers.
    #[error("cannot grade {}: {why}; name a learner's clone, or a folder with exercise files such as 03_gather.rs", .folder.display())]
    NothingHandedIn {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A format that is about the learner's own files was asked for, of those of another folder.
    #[error(
        "`--format rustc` is for your editor, and shows only your own answers; leave out `--from`"
    )]
    FormatForOwnFiles,
    /// A task has another name.
    #[error("chapter {chapter} has no task `{task}`; its tasks are: {known}")]
    NoSuchTask {
        /// The chapter's slug.
        chapter: String,
        /// What was asked for.
        task: String,
        /// The names of its tasks.
        known: String,
    },
    /// Progress could not be read or written.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// The grader could not do its work.
    #[error(transparent)]
    Grade(#[from] GradeError),
    /// The workbook could not be brought up to date.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// A program of the workbook could not be built.
    #[error(transparent)]
    Build(#[from] ExecutableError),
    /// The terminal could not be taken, drawn on, or given back.
    #[error(
        "cannot {what} the terminal: {source}; `cargo run -- list --plain` works without one, and so do the other commands"
    )]
    Terminal {
        /// What was attempted.
        what: &'static str,
        /// What the system says of it.
        source: io::Error,
    },
    /// What is to be said could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl Error {
    /// What is wrong with the terminal.
    pub(crate) fn terminal(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Terminal { what, source }
    }

    /// The exit code for it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Course(
                CourseError::NoSuchChapter { .. }
                | CourseError::Misspelt { .. }
                | CourseError::Ambiguous { .. },
            )
            | Self::NothingHandedIn { .. }
            | Self::FormatForOwnFiles
            | Self::NoSuchTask { .. } => Exit::Usage,
            Self::Output(error) if error.is_closed_pipe() => Exit::ClosedPipe,
            _ => Exit::Environment,
        }
    }
}
