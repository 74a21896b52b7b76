//! What every command has in common: its settings, its errors, and how it is stopped.

use std::{
    env, future,
    io::{self, BufRead as _},
    path::PathBuf,
    thread,
    time::Duration,
};

use anstream::ColorChoice;
use clap::Args;
use quiz::QuizError;
use tokio::{signal, sync::mpsc};

use crate::{
    course::{Chapter, Course, CourseError},
    exit::Exit,
    grade::{DEFAULT_TIME_LIMIT, GradeError, Grader},
    progress::{Progress, ProgressError, Store},
    speedups::RecordError,
};

/// The course, and what is remembered of the learner.
#[derive(Debug)]
pub struct Context {
    /// The course.
    pub course: Course,
    /// What is remembered.
    pub progress: Progress,
    store: Option<Store>,
    notice: Option<String>,
}

impl Context {
    /// Opens the course of the current folder, and what is remembered of it. What was found wrong with the
    /// latter is no error: the course goes on, and [`notice`](Self::notice) tells.
    ///
    /// # Errors
    ///
    /// This is no clone of the workbook, or one of the course's files is broken.
    pub fn open() -> Result<Self, CourseError> {
        let course = Course::here()?;
        let store = Store::of(&course);
        Ok(match store.open() {
            Ok(opened) => Self {
                course,
                progress: opened.progress,
                store: opened.unwritable.is_none().then_some(store),
                notice: match (opened.recovery, opened.unwritable) {
                    (Some(recovery), _) => Some(recovery.to_string()),
                    (None, Some(why)) => {
                        Some(format!("{why}; until then, nothing new is remembered"))
                    }
                    (None, None) => None,
                },
            },
            Err(error) => Self {
                course,
                progress: Progress::default(),
                store: None,
                notice: Some(format!("{error}; until then, nothing new is remembered")),
            },
        })
    }

    /// What the learner should know of the state of the progress, if anything.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// As [`open`](Self::open), with the notice on standard error.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_and_tell() -> Result<Self, CourseError> {
        let context = Self::open()?;
        if let Some(notice) = context.notice() {
            anstream::eprintln!("note: {notice}");
        }
        Ok(context)
    }

    /// The chapter that a filter names, or the current one.
    ///
    /// # Errors
    ///
    /// The filter names no chapter, or several.
    pub fn chapter(&self, filter: Option<&str>) -> Result<Chapter, CourseError> {
        match filter {
            Some(filter) => self.course.chapter(filter).cloned(),
            None => Ok(self
                .progress
                .current(&self.course)
                .ok_or(CourseError::Empty)?
                .clone()),
        }
    }

    /// Changes what is remembered, here and on disk.
    ///
    /// # Errors
    ///
    /// It could not be written; then it is not changed here either.
    pub fn update(&mut self, change: impl FnOnce(&mut Progress)) -> Result<(), ProgressError> {
        match &self.store {
            None => change(&mut self.progress),
            Some(store) => {
                let opened = store.update(change)?;
                if let Some(recovery) = opened.recovery {
                    anstream::eprintln!("note: {recovery}");
                }
                self.progress = opened.progress;
            }
        }
        Ok(())
    }

    /// Where progress is kept; `None` if nothing may be written there.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }
}

/// The lines of standard input, as they are typed.
///
/// They are read on a thread of their own, which nothing waits for: a read from a terminal cannot be
/// cancelled, and the end of the program must not depend on it.
#[must_use]
pub fn lines_of_input() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// How to grade, whichever command does.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// How many seconds a hidden test may run before it is stopped.
    #[arg(long, global = true, value_name = "SECONDS", env = "WORKBOOK_TIME_LIMIT", default_value_t = DEFAULT_TIME_LIMIT.as_secs_f64(), value_parser = seconds)]
    time_limit: f64,

    #[command(flatten)]
    color: colorchoice_clap::Color,
}

impl Settings {
    /// Has every stream that is opened from here on use colours as it is asked for.
    ///
    /// A terminal that says that it is dumb gets none unless they are asked for; left to itself, anstream
    /// takes any terminal for one that knows colours where `CI` is set.
    pub fn choose_colours(&self) {
        let choice = match self.color.as_choice() {
            ColorChoice::Auto if terminal_is_dumb() => ColorChoice::Never,
            choice => choice,
        };
        choice.write_global();
    }

    /// A grader for the stubs of `course`.
    #[must_use]
    pub fn grader(&self, course: &Course) -> Grader {
        let mut grader = Grader::of_stubs(course);
        grader.limits.time = Duration::from_secs_f64(self.time_limit);
        grader
    }
}

/// Whether the terminal says that it can do nothing but print.
pub(crate) fn terminal_is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
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
    let asked_to_end = asked_to_end();
    tokio::select! {
        result = command => exit_of(result),
        () = asked_to_end => Exit::Interrupted,
    }
}

/// How a command ended. An error is written to standard error.
pub fn exit_of(result: Result<Exit, Error>) -> Exit {
    result.unwrap_or_else(|error| {
        if error.exit() != Exit::ClosedPipe {
            anstream::eprintln!("error: {error}");
        }
        error.exit()
    })
}

/// Waits for Ctrl-C; on Unix also for `kill`, and for the terminal to be closed.
///
/// They are listened for from this call on, not only from the first poll: what comes in between would
/// end the process as it stands.
#[cfg(unix)]
pub(crate) fn asked_to_end() -> impl Future<Output = ()> + Send + use<> {
    use signal::unix::{Signal, SignalKind, signal};
    // Where one cannot be listened for, the system ends the process by itself.
    let listen = |kind| signal(kind).ok();
    let mut signals: Vec<Signal> = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .into_iter()
    .filter_map(listen)
    .collect();
    async move {
        if signals.is_empty() {
            future::pending().await
        }
        let received = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
        futures::future::select_all(received).await;
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn asked_to_end() -> impl Future<Output = ()> + Send + use<> {
    async {
        // Where it cannot be listened for, the system ends the process by itself.
        if signal::ctrl_c().await.is_err() {
            future::pending().await
        }
    }
}

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
    #[error("cannot start {program}: {source}; `cargo run -- doctor` looks at what is installed")]
    Start {
        /// The program.
        program: String,
        /// What the system says of it.
        source: io::Error,
    },
    /// A file could not be read or written.
    #[error("cannot {what} {}: {source}; look at its permissions", .file.display())]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
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
    /// What is to be said could not be written.
    #[error("cannot write to standard output: {0}; is the disk full?")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit code for it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Course(CourseError::NoSuchChapter { .. } | CourseError::Ambiguous { .. })
            | Self::NoSuchTask { .. } => Exit::Usage,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::ClosedPipe,
            _ => Exit::Environment,
        }
    }
}
