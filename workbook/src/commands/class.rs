//! `workbook class`: grades what many learners handed in.

use std::{
    num::NonZeroUsize,
    path::PathBuf,
    pin::pin,
    thread,
    time::{Duration, Instant},
};

use clap::{Parser, ValueEnum};
use futures::{StreamExt as _, stream};

use crate::{
    class::{self, ClassResult, Grading, Kept, Learner, csv, html, json},
    console::{self, Output},
    course::Course,
    error::Error,
    exit::Exit,
    grade::{Examiner, Stages},
    interrupt,
    settings::Settings,
    text::Text,
};

/// Grades a whole class, for teachers: a table of results, and the most common mistakes.
#[derive(Clone, Debug, Parser)]
#[command(after_help = HELP)]
pub struct Class {
    /// A folder for each learner: a clone, or a folder with exercise files. Everything else in it is ignored, and nothing
    /// is written to it.
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,

    /// The chapters to grade, by number or name; if you name none, those that somebody has started.
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    pub chapters: Vec<String>,

    /// How many learners to grade at a time; one for each processor if you don't say.
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// How to write the result. Each learner's line appears as soon as it's known; with any format but `text`, on
    /// standard error.
    #[arg(long, value_enum, default_value_t)]
    pub format: ClassFormat,

    /// Grades everything again, even what was graded before.
    #[arg(long)]
    pub afresh: bool,

    #[command(flatten)]
    settings: Settings,
}

const HELP: &str = "\
Examples:
  cargo run -- class handed-in/*/                     every learner, in the chapters that somebody has started
  cargo run -- class --chapters 03,04 handed-in/*/    two chapters
  cargo run -- class --format csv handed-in/*/ > class.csv
                                                      for a spreadsheet
  cargo run -- class --format html handed-in/*/ > class.html
                                                      one page, for a browser or a projector

The result of each answer is kept in .workbook/class, so you can stop at any time: the next run carries on from there, and
grades only what has changed. A task is worth one point. To change that, add a line such as `points = 3` to the task, in
exercises/hidden/03_gather/chapter.toml for example.

Exit status:
    0  everything was graded, whatever the results
    2  the command line is wrong
    3  something could not be graded, and not because of an answer: the disk is full, for example
  130  stopped by Ctrl-C";

/// For whom the result is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum ClassFormat {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For spreadsheets: a row for each learner, and a column for each task.
    Csv,
    /// For programs.
    Json,
    /// For browsers: one page, which loads nothing else.
    Html,
}

impl Class {
    /// Grades the learners until they are done, or Ctrl-C is pressed. An error is written to standard error.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo and every running answer. What was graded is kept.
    pub async fn run(&self) -> Exit {
        self.settings.choose_colours();
        interrupt::until_interrupted(self.grade()).await
    }

    async fn grade(&self) -> Result<Exit, Error> {
        let course = Course::here()?;
        let out = Output::open();
        let learners = Learner::all(&self.folders).map_err(|(folder, why)| {
            let why = why.to_string();
            Error::NothingHandedIn { folder, why }
        })?;
        let mut chapters = course.select(&self.chapters)?;
        if self.chapters.is_empty() {
            chapters = class::begun(&course, &chapters, &learners).await;
        }
        if chapters.is_empty() {
            return Err(Error::NothingHandedIn {
                folder: self.folders[0].clone(),
                why: "nobody has started an exercise".to_owned(),
            });
        }
        let kept = Kept::of(&course);
        if self.afresh {
            for &chapter in &chapters {
                kept.forget(chapter).map_err(|source| Error::File {
                    what: "write to",
                    file: kept.folder().to_owned(),
                    source,
                })?;
            }
        }
        let mut grader = self.settings.grader(&course);
        let (stages, stage) = Stages::channel();
        grader.cargo.stages = stages;
        let preparing = Examiner::prepare(&grader, &course, &chapters);
        let examiner = console::while_shown(preparing, || stage.borrow().to_string()).await?;
        let grading = Grading::new(examiner, &chapters, kept)?;
        let result = ClassResult {
            chapters: chapters.into_iter().cloned().collect(),
            learners: Vec::new(),
        };
        let result = self.grade_all(&grading, &learners, result, &out).await?;
        out.print(match self.format {
            ClassFormat::Text => {
                let mut text = Text::default();
                text.blank();
                text.add(class::class_text(&result, &out.style));
                text
            }
            ClassFormat::Csv => Text::kept(&csv::document(&result)),
            ClassFormat::Json => Text::kept(&json::document(&result)),
            ClassFormat::Html => Text::kept(&html::document(&result)),
        })?;
        Ok(Exit::Passed)
    }

    /// Grades as many learners at a time as there are to be, and prints a line for each.
    async fn grade_all(
        &self,
        grading: &Grading,
        learners: &[Learner],
        mut result: ClassResult,
        out: &Output,
    ) -> Result<ClassResult, Error> {
        let jobs = self.jobs.or_else(|| thread::available_parallelism().ok());
        let graded = stream::iter(learners.iter().enumerate())
            .map(|(position, learner)| async move { (position, grading.grade(learner).await) })
            .buffer_unordered(jobs.map_or(1, NonZeroUsize::get));
        let mut graded = pin!(graded);
        let mut found = Vec::with_capacity(learners.len());
        let mut progress = Progress::begin(learners.len());
        while let Some((position, done)) =
            console::while_shown(graded.next(), || progress.words()).await
        {
            let done = done?;
            progress.count(done.was_known);
            let line = class::learner_line(&result, &done, progress.done, progress.all, &out.style);
            if self.format == ClassFormat::Text {
                out.print(Text::from(line))?;
            } else {
                anstream::eprintln!("{}", line.plain());
            }
            found.push((position, done.result));
        }
        found.sort_by_key(|(position, _)| *position);
        result.learners = found.into_iter().map(|(_, learner)| learner).collect();
        Ok(result)
    }
}

/// How far the grading is, and how long it's likely to take.
#[derive(Debug)]
struct Progress {
    all: usize,
    done: usize,
    /// How many of those that are done were graded before, which takes no time.
    known: usize,
    start: Instant,
}

impl Progress {
    fn begin(all: usize) -> Self {
        Self {
            all,
            done: 0,
            known: 0,
            start: Instant::now(),
        }
    }

    fn count(&mut self, was_known: bool) {
        self.done += 1;
        self.known += usize::from(was_known);
    }

    fn words(&self) -> String {
        let mut words = format!("Grading, {} of {} learners done", self.done, self.all);
        if let Some(left) = self.left(self.start.elapsed()) {
            words += &format!(", about {} left", console::stopwatch(left));
        }
        words
    }

    /// How long the others are likely to take, if those that are done tell it.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let graded = u32::try_from(self.done - self.known).ok()?;
        let left = u32::try_from(self.all - self.done).ok()?;
        (graded > 0).then(|| elapsed / graded * left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_leaves_out_what_was_graded_before() {
        let mut progress = Progress::begin(10);
        assert_eq!(progress.left(Duration::from_secs(5)), None);
        progress.count(true);
        progress.count(true);
        assert_eq!(progress.left(Duration::from_secs(5)), None);
        progress.count(false);
        progress.count(false);
        let left = progress.left(Duration::from_secs(10));
        assert_eq!(left, Some(Duration::from_secs(30)), "5 s for each of six");
        assert!(
            progress
                .words()
                .starts_with("Grading, 4 of 10 learners done, about "),
            "{}",
            progress.words()
        );
    }
}
