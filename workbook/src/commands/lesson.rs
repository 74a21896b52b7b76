//! `workbook lesson`: predict, run, compare.

use std::{io::IsTerminal as _, process::Stdio};

use async_workbook::clock;
use clap::Parser;
use quiz::Judgement;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{
    console::{self, Output, OutputError},
    context::Context,
    course::Prediction,
    error::Error,
    exit::Exit,
    grade::{ExecutableError, Stages},
    interrupt,
    lesson::{self, Transcript},
    report,
    text::Text,
};

/// Asks what you expect, runs the lesson, and compares.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- lesson 03                      asks what you expect, then runs it
  cargo run -- lesson 03 --predict '0.5 s'    takes your answer from the command line
  cargo run -- lesson 03 --virtual            runs it on tokio's paused clock: at once, with exact figures
  cargo run --example 03_gather               only runs it")]
pub struct Lesson {
    /// The chapter, by number or name; the current one if you name none.
    chapter: Option<String>,

    /// What you expect. Without it, the lesson asks you if there is a terminal.
    #[arg(long, value_name = "ANSWER")]
    predict: Option<String>,

    /// Runs the lesson on the virtual clock.
    #[arg(long = "virtual")]
    on_virtual_clock: bool,
}

impl Lesson {
    /// Runs until the lesson has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping this ends the lesson.
    pub async fn run(&self) -> Exit {
        interrupt::until_interrupted(self.teach()).await
    }

    async fn teach(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let chapter = context.chapter(self.chapter.as_deref())?;
        let out = Output::open();
        out.print(report::prediction_text(&chapter))?;
        let given = match &self.predict {
            Some(given) => Some(given.clone()),
            None if std::io::stdin().is_terminal() => ask(&out, &chapter.prediction).await?,
            None => None,
        };
        let (stages, stage) = Stages::channel();
        let colour = console::colour_wanted();
        let lesson = lesson::build(&context.course, &chapter, colour, stages);
        let built = console::while_shown(lesson, || stage.borrow().to_string()).await;
        let mut lesson = match built {
            Ok(lesson) => lesson,
            // Whoever tries things out in a lesson is told by the compiler.
            Err(ExecutableError::Failed(why)) => {
                anstream::eprintln!("{why}");
                return Ok(Exit::Failed);
            }
            Err(error) => return Err(error.into()),
        };
        anstream::eprint!("{}", lesson.warnings);
        if self.on_virtual_clock {
            lesson.command.env(clock::VARIABLE, "virtual");
        }
        out.print("")?;
        let started = lesson
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = started.map_err(|source| Error::Start {
            program: chapter.slug.clone(),
            source,
        })?;
        let mut transcript = Transcript::new(&context.course, &chapter);
        let mut layout = transcript.layout(out.columns(), out.style.charset);
        let printed = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(printed).lines();
        while let Some(line) = lines.next_line().await.map_err(OutputError::from)? {
            for part in transcript.take(&line) {
                out.print(layout.take(&part))?;
            }
        }
        out.print(layout.finish())?;
        let status = child.wait().await.map_err(|source| Error::Start {
            program: chapter.slug.clone(),
            source,
        })?;
        if !status.success() {
            out.print(Text::kept(&format!("\nThe lesson ended early ({status}).")))?;
            return Ok(Exit::Failed);
        }
        let mut text = Text::from("");
        text.add(lesson::compared(&chapter, given.as_deref()));
        out.print(text)?;
        if let Some(given) = given {
            context.remember(|progress| {
                progress.chapter_mut(&chapter.slug).predicted = Some(given.clone());
            });
        }
        Ok(Exit::Passed)
    }
}

/// Reads one line; `None` if there is nothing on it. A number that only lacks its unit is asked for again.
async fn ask(out: &Output, prediction: &Prediction) -> Result<Option<String>, Error> {
    let mut lines = console::lines_of_input();
    loop {
        out.prompt()?;
        let line = lines.recv().await.unwrap_or_default();
        let Some(given) = Some(line.trim().to_owned()).filter(|line| !line.is_empty()) else {
            return Ok(None);
        };
        match lesson::judge(prediction, &given) {
            Judgement::Unclear(why) => out.print(why)?,
            Judgement::Right | Judgement::Wrong => return Ok(Some(given)),
        }
    }
}
