//! Grades chapters, and says what came of it: to people, or to programs.

use std::{pin::pin, time::Instant};

use clap::{Parser, ValueEnum};
use futures::StreamExt as _;

use crate::{
    console::{self, Output},
    context::Context,
    error::Error,
    exit::Exit,
    grade::{AnswerFile, Stages},
    interrupt, overview, progress,
    report::{
        self, Unfolded, json, junit,
        model::{ChapterReport, Report},
    },
    settings::Settings,
    text::Text,
};

/// Grades your answers, with a verdict for each task.
#[derive(Clone, Debug, Parser)]
#[command(after_help = HELP)]
pub struct Check {
    /// The chapters to grade, by number or name; all of them if you name none.
    #[arg(value_name = "CHAPTER")]
    pub chapters: Vec<String>,

    /// How to write the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    #[command(flatten)]
    settings: Settings,
}

const HELP: &str = "\
Examples:
  cargo test -p exercises -- 03               grade chapter 03
  cargo run -- check 03                       the same, without the error that cargo adds at the end
  cargo run -- check gather                   the same, by name
  cargo run -- check --format json            for programs: exercises/grader/report.schema.json
  cargo run -- check --format junit           for CI

Exit status:
    0  every graded task is passed
    1  at least one task is not passed
    2  the command line is wrong
    3  nothing could be graded, and not because of your answers: cargo is missing, for example
  130  stopped by Ctrl-C
  141  the program that read the output has ended, as `head` does";

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
        interrupt::until_interrupted(self.grade()).await
    }

    async fn grade(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let out = Output::open();
        let course = context.course.clone();
        let chapters = course.select(&self.chapters)?;
        let answers: Vec<_> = chapters
            .iter()
            .copied()
            .map(AnswerFile::of_chapter)
            .collect();
        let mut grader = self.settings.grader(&course);
        let (stages, stage) = Stages::channel();
        grader.cargo.stages = stages;
        grader.cargo.colour = self.format == Format::Human && console::colour_wanted();

        let start = Instant::now();
        let mut report = Report::default();
        let limit = grader.limits.time.as_secs_f64();
        let building = grader.grade(&answers);
        let built = console::while_shown(building, || stage.borrow().to_string()).await;
        let mut grading = pin!(built?);
        for chapter in chapters {
            let slug = &chapter.slug;
            let running = || format!("Testing {slug}.rs (a test is stopped after {limit} s)");
            let Some(graded) = console::while_shown(grading.next(), running).await else {
                break;
            };
            let graded = graded?;
            let now = progress::now();
            let found = ChapterReport::new(chapter, &graded, &context.progress);
            context.remember(|progress| progress.record(chapter, &graded, now));
            if self.format == Format::Human {
                let mut text = report::graded_text(&found, Unfolded::EachFault, &out.style);
                text.gap();
                if found.is_newly_passed() {
                    text.add(overview::passed(&context, chapter, &out.style));
                    text.blank();
                }
                out.print(text)?;
            }
            report.chapters.push(found);
        }
        report.took = start.elapsed();
        out.print(match self.format {
            Format::Human => Text::from(report.tally().text()),
            Format::Json => Text::kept(&json::document(&report)),
            Format::Junit => Text::kept(&junit::document(&report)),
        })?;
        Ok(if report.passed() {
            Exit::Passed
        } else {
            Exit::Failed
        })
    }
}
