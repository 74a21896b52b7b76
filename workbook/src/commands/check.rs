//! Grades chapters, and says what came of it: to people, or to programs.

use std::{
    io::{self, Write},
    pin::pin,
};

use clap::{Parser, ValueEnum};
use futures::StreamExt as _;

use crate::{
    context::Context,
    course::Chapter,
    error::Error,
    exit::Exit,
    grade::{AnswerFile, Graded, Outcome, State},
    interrupt,
    report::{self, Look, json, junit},
    settings::Settings,
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

impl Check {
    /// Grades the chapters until they are done, or Ctrl-C is pressed, and writes the report to standard
    /// output. An error is written to standard error.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo and every running answer.
    pub async fn run(&self) -> Exit {
        self.settings.choose_colours();
        interrupt::until_interrupted(self.grade(&mut anstream::stdout())).await
    }

    async fn grade(&self, out: &mut impl Write) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let course = context.course.clone();
        let chapters = course.select(&self.chapters)?;
        let answers: Vec<_> = chapters
            .iter()
            .copied()
            .map(AnswerFile::of_chapter)
            .collect();
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
            context.update(|progress| progress.record(chapter, &graded))?;
            tally.add(chapter, &graded);
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

/// How many tasks are in which state.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    wrong: usize,
    not_started: usize,
    not_graded: usize,
}

impl Tally {
    fn add(&mut self, chapter: &Chapter, graded: &Graded) {
        match &graded.outcome {
            Outcome::File(_) => self.not_graded += chapter.tasks.len(),
            Outcome::Tasks(grades) => {
                for grade in grades {
                    self.count(State::of(&grade.verdict));
                }
            }
        }
    }

    fn count(&mut self, state: State) {
        *match state {
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
