//! Grades chapters, and says what came of it: to people, or to programs.

use std::{
    path::{Path, PathBuf},
    pin::pin,
    time::Instant,
};

use chrono::Utc;
use clap::{Parser, ValueEnum};
use futures::StreamExt as _;

use crate::{
    console::{self, Output},
    context::Context,
    course::Course,
    error::Error,
    exit::Exit,
    grade::{AnswerFile, Diagnostics, Examiner, HandedIn, Stages},
    interrupt, overview,
    progress::{self, Progress},
    report::{
        self, Unfolded,
        classroom50::{self, Submission},
        exercism, gradescope, json, junit,
        model::{ChapterReport, Report},
        rustc,
    },
    settings::Settings,
    text::Text,
};

/// Grades your answers, with a verdict for each task.
#[derive(Clone, Debug, Parser)]
#[command(after_help = HELP)]
pub struct Check {
    /// The chapters to grade, by number, name or exercise file; all of them if you name none.
    #[arg(value_name = "CHAPTER")]
    pub chapters: Vec<String>,

    /// How to write the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Grades the answers in this folder instead of yours: a learner's clone, or a folder with exercise files. Everything
    /// else in it is ignored, and nothing is written to it. If you name no chapter, all the answers in it are graded.
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,

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
  cargo run -- check --from submission --format gradescope > results.json
                                              for Gradescope; also `classroom50` and `exercism`
  cargo run -- check --format rustc exercises/03_gather.rs
                                              for editors, which show each verdict at its line
  cargo run -- check --from handed-in/anna    for teachers: all the answers in a learner's clone
  cargo run -- check --from handed-in/anna 03 one of them; `class` grades a whole class

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
    /// The compiler's diagnostics for editors, one JSON object a line. For a file that isn't an exercise, checks the whole
    /// workspace, as `cargo check` does.
    Rustc,
    /// For Gradescope: the `results.json` of an autograder.
    Gradescope,
    /// For Classroom 50: `result.json`, with what its runner's environment variables say about the submission.
    Classroom50,
    /// For Exercism: the `results.json` of a test runner.
    Exercism,
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
        match &self.from {
            Some(folder) => interrupt::until_interrupted(self.grade_from(folder)).await,
            None => interrupt::until_interrupted(self.grade()).await,
        }
    }

    async fn grade(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let out = Output::open();
        let course = context.course.clone();
        let Some(filters) = self.filters(&course) else {
            return self.check_workspace(&course, &out).await;
        };
        let chapters = course.select(&filters)?;
        let answers: Vec<_> = chapters
            .iter()
            .copied()
            .map(AnswerFile::of_chapter)
            .collect();
        let mut grader = self.settings.grader(&course);
        let (stages, stage) = Stages::channel();
        grader.cargo.stages = stages;
        if self.format == Format::Rustc {
            grader.cargo.diagnostics = Diagnostics::kept();
        }
        grader.cargo.colour = self.format == Format::Human && console::colour_wanted();

        let start = Instant::now();
        let mut report = Report::default();
        let limit = grader.limits.time.as_secs_f64();
        let building = grader.grade(&answers);
        let built = console::while_shown(building, || stage.borrow().to_string()).await;
        let mut grading = pin!(built?);
        for line in grader.cargo.diagnostics.take_lines() {
            out.print(Text::kept(&line))?;
        }
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
            if self.format == Format::Rustc {
                for line in rustc::lines(&found) {
                    out.print(Text::kept(&line))?;
                }
            } else if self.format == Format::Human {
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
        self.end(&report, &out)
    }

    /// Grades what stands in another folder. What is remembered of the learner of this clone is not touched.
    async fn grade_from(&self, folder: &Path) -> Result<Exit, Error> {
        if self.format == Format::Rustc {
            return Err(Error::FormatForOwnFiles);
        }
        let nothing = |why: String| Error::NothingHandedIn {
            folder: folder.to_owned(),
            why,
        };
        let course = Course::here()?;
        let out = Output::open();
        let handed_in = HandedIn::open(folder).map_err(|error| nothing(error.to_string()))?;
        let mut chapters = course.select(&self.chapters)?;
        if self.chapters.is_empty() {
            chapters.retain(|chapter| handed_in.has(chapter));
        }
        if chapters.is_empty() {
            return Err(nothing("there are no exercises in it".to_owned()));
        }
        let mut grader = self.settings.grader(&course);
        let (stages, stage) = Stages::channel();
        grader.cargo.stages = stages;
        grader.cargo.colour = self.format == Format::Human && console::colour_wanted();

        let start = Instant::now();
        let mut report = Report::default();
        let preparing = Examiner::prepare(&grader, &course, &chapters);
        let prepared = console::while_shown(preparing, || stage.borrow().to_string()).await;
        let examiner = prepared?;
        for chapter in chapters {
            let grading = async {
                match handed_in.read(chapter).await {
                    Ok(sources) => examiner.grade(chapter, sources).await,
                    Err(cause) => Ok(examiner.unreadable(chapter, cause)),
                }
            };
            let running = || format!("Testing {}", chapter.slug);
            let graded = console::while_shown(grading, running).await?;
            let found = ChapterReport::new(chapter, &graded, &Progress::default());
            if self.format == Format::Human {
                let mut text = report::graded_text(&found, Unfolded::EachFault, &out.style);
                text.gap();
                out.print(text)?;
            }
            report.chapters.push(found);
        }
        report.took = start.elapsed();
        self.end(&report, &out)
    }

    /// Says what there is to say at the end.
    fn end(&self, report: &Report, out: &Output) -> Result<Exit, Error> {
        out.print(match self.format {
            Format::Human => Text::from(report.tally().text()),
            Format::Json => Text::kept(&json::document(report)),
            Format::Junit => Text::kept(&junit::document(report)),
            Format::Gradescope => Text::kept(&gradescope::document(report)),
            Format::Classroom50 => {
                let submission = Submission::of_environment();
                Text::kept(&classroom50::document(report, submission, Utc::now()))
            }
            Format::Exercism => Text::kept(&exercism::document(report)),
            // Each line was written as soon as it was known.
            Format::Rustc => Text::default(),
        })?;
        Ok(if report.passed() {
            Exit::Passed
        } else {
            Exit::Failed
        })
    }

    /// The chapters to grade, with each exercise file as the name of its chapter. `None` if an editor saved a file that is
    /// no exercise.
    fn filters(&self, course: &Course) -> Option<Vec<String>> {
        let mut filters = Vec::new();
        for named in &self.chapters {
            match course.chapter_of(named.as_ref()) {
                Some(chapter) => filters.push(chapter.slug.clone()),
                None if self.format == Format::Rustc && Path::new(named).is_file() => {}
                None => filters.push(named.clone()),
            }
        }
        (self.chapters.is_empty() || !filters.is_empty()).then_some(filters)
    }

    async fn check_workspace(&self, course: &Course, out: &Output) -> Result<Exit, Error> {
        let mut cargo = self.settings.grader(course).cargo;
        cargo.diagnostics = Diagnostics::kept();
        cargo.check_workspace().await?;
        for line in cargo.diagnostics.take_lines() {
            out.print(Text::kept(&line))?;
        }
        Ok(Exit::Passed)
    }
}
