//! Grades chapters, and says what came of it: to people, or to programs.

use std::{
    future,
    io::{self, Write},
    pin::pin,
    time::Duration,
};

use clap::{Args, Parser, ValueEnum};
use futures::StreamExt as _;
use tokio::signal;

use crate::{
    course::{Chapter, Course, CourseError},
    exit::Exit,
    grade::{Answer, DEFAULT_TIME_LIMIT, GradeError, Graded, Grader},
    report::{
        self, Look,
        json::{self, State},
        junit,
    },
    verdict::Verdict,
};

/// Grades your answers: one verdict a task.
#[derive(Clone, Debug, Parser)]
#[command(after_help = HELP)]
pub struct Check {
    /// The chapters to grade, by number or name; all of them if none is given.
    #[arg(value_name = "CHAPTER")]
    pub chapters: Vec<String>,

    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    #[command(flatten)]
    settings: Settings,
}

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

const HELP: &str = "\
Examples:
  cargo test -p exercises -- 03               grade chapter 03
  cargo run -- check 03                       the same, without cargo's last words
  cargo run -- check gather                   the same, by name
  cargo run -- check --format json            for programs: exercises/grader/report.schema.json
  cargo run -- check --format junit           for CI

Exit status:
    0  every graded task is passed
    1  a task is not passed
    2  the command line could not be understood
    3  nothing could be graded, through no fault of the answers: no cargo, say
  130  stopped by Ctrl-C
  141  nobody read the output any more";

/// For whom a report is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people, each chapter as soon as it is graded.
    #[default]
    Human,
    /// One JSON document, for programs.
    Json,
    /// JUnit XML, for CI.
    Junit,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        // A day is longer than anybody waits, and far from what a Duration can hold.
        Ok(seconds) if (0.1..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("give a number of seconds from 0.1 to 86400".into()),
    }
}

impl Check {
    /// Grades the chapters until they are done, or Ctrl-C is pressed, and writes the report to standard
    /// output. An error is written to standard error.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo and every running answer.
    pub async fn run(&self) -> Exit {
        self.settings.choose_colours();
        until_interrupted(self.grade(&mut anstream::stdout())).await
    }

    async fn grade(&self, out: &mut impl Write) -> Result<Exit, CheckError> {
        let course = Course::here()?;
        let chapters = course.select(&self.chapters)?;
        let answers: Vec<_> = chapters.iter().copied().map(Answer::stub).collect();
        let mut grader = self.settings.grader(&course);
        grader.cargo.colour = self.format == Format::Human && report::colour_wanted();

        let look = Look::detect();
        let mut tally = Tally::default();
        let mut all: Vec<(&Chapter, Graded)> = Vec::new();
        let mut grading = pin!(grader.grade(&answers).await?);
        for chapter in chapters {
            let Some(graded) = grading.next().await else {
                break;
            };
            let graded = graded?;
            for grade in &graded.grades {
                tally.count(&grade.verdict);
            }
            if self.format == Format::Human {
                writeln!(out, "{}", report::graded_text(chapter, &graded, &look))?;
            }
            all.push((chapter, graded));
        }
        let report = json::Report::new(all.iter().map(|(chapter, graded)| (*chapter, graded)));
        match self.format {
            Format::Human => writeln!(out, "{}", tally.text())?,
            Format::Json => {
                let text = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
                writeln!(out, "{text}")?;
            }
            Format::Junit => writeln!(out, "{}", junit::document(&report)?)?,
        }
        Ok(if tally.passed == tally.tasks() {
            Exit::Passed
        } else {
            Exit::Failed
        })
    }
}

/// Awaits a command until it is done or the process is asked to end, which drops the command and all that
/// it runs. An error is written to standard error.
pub(crate) async fn until_interrupted(
    command: impl Future<Output = Result<Exit, CheckError>>,
) -> Exit {
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

/// How many tasks are in which state.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    wrong: usize,
    not_started: usize,
    not_graded: usize,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict) {
        *match State::of(verdict) {
            State::Passed => &mut self.passed,
            State::Wrong => &mut self.wrong,
            State::NotStarted => &mut self.not_started,
            State::NotGraded => &mut self.not_graded,
        } += 1;
    }

    fn tasks(&self) -> usize {
        self.passed + self.wrong + self.not_started + self.not_graded
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{} of {} tasks passed, {} wrong, {} not started",
            self.passed,
            self.tasks(),
            self.wrong,
            self.not_started
        );
        if self.not_graded > 0 {
            text += &format!(", {} not graded", self.not_graded);
        }
        text
    }
}

/// Why nothing could be graded.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The course could not be read.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// The grader could not do its work.
    #[error(transparent)]
    Grade(#[from] GradeError),
    /// The report could not be written.
    #[error("cannot write the report: {0}; is the disk full?")]
    Output(#[from] io::Error),
}

impl CheckError {
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
