//! Grades chapters, and says what came of it.

use std::{io, pin::pin, time::Duration};

use clap::Parser;
use futures::StreamExt as _;

use crate::{
    course::{Course, CourseError},
    exit::Exit,
    grade::{Answer, DEFAULT_TIME_LIMIT, GradeError, Grader},
    report::{self, Look},
    verdict::Verdict,
};

/// Grades your answers: one verdict a task.
#[derive(Clone, Debug, Parser)]
#[command(
    after_help = "Examples:\n  cargo test -p exercises              grade everything\n  cargo test -p exercises -- 03        grade chapter 03\n  cargo test -p exercises -- gather    the same, by name"
)]
pub struct Check {
    /// The chapters to grade, by number or name; all of them if none is given.
    #[arg(value_name = "CHAPTER")]
    pub chapters: Vec<String>,

    /// How many seconds a hidden test may run before it is stopped.
    #[arg(long, value_name = "SECONDS", env = "WORKBOOK_TIME_LIMIT", default_value_t = DEFAULT_TIME_LIMIT.as_secs_f64(), value_parser = seconds)]
    pub time_limit: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        // A day is longer than anybody waits, and far from what a Duration can hold.
        Ok(seconds) if (0.1..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("give a number of seconds from 0.1 to 86400".into()),
    }
}

impl Check {
    /// Grades the chapters and prints each as soon as its verdicts are there.
    ///
    /// # Errors
    ///
    /// Nothing could be graded, through no fault of the learner's.
    pub async fn run(&self) -> Result<Exit, CheckError> {
        let course = Course::here()?;
        let chapters = course.select(&self.chapters)?;
        let answers: Vec<_> = chapters.iter().copied().map(Answer::stub).collect();
        let mut grader = Grader::of_stubs(&course);
        grader.limits.time = Duration::from_secs_f64(self.time_limit);
        grader.cargo.colour = report::colour_wanted();

        let look = Look::detect();
        let mut tally = Tally::default();
        let mut graded = pin!(grader.grade(&answers).await?);
        let mut chapters = chapters.into_iter();
        while let (Some(chapter), Some(graded)) = (chapters.next(), graded.next().await) {
            let graded = graded?;
            anstream::println!("{}", report::graded_text(chapter, &graded, &look));
            for grade in &graded.grades {
                tally.count(&grade.verdict);
            }
        }
        anstream::println!("{}", tally.text());
        Ok(if tally.passed == tally.tasks() {
            Exit::Passed
        } else {
            Exit::Failed
        })
    }
}

/// How many tasks have which kind of verdict.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    wrong: usize,
    not_started: usize,
    not_graded: usize,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::NotStarted { .. } => &mut self.not_started,
            verdict if verdict.is_of_file() => &mut self.not_graded,
            _ => &mut self.wrong,
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
    /// The runtime could not be started.
    #[error("cannot start the runtime: {0}; close other programs, then try again")]
    Runtime(#[from] io::Error),
}

impl CheckError {
    /// The exit code for it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Course(CourseError::NoSuchChapter { .. }) => Exit::Usage,
            _ => Exit::Environment,
        }
    }
}
