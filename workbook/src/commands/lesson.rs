//! `workbook lesson`: predict, run, compare.

use std::{io::IsTerminal as _, process::Stdio};

use async_workbook::clock;
use clap::Parser;

use crate::{
    console::{self, Output},
    context::Context,
    error::Error,
    exit::Exit,
    grade::{ExecutableError, Stages},
    interrupt, lesson, report,
    text::Text,
};

/// Asks what you expect, runs the lesson, and compares.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- lesson 03                      asks, then runs it
  cargo run -- lesson 03 --predict '0.5 s'    with the answer at hand
  cargo run -- lesson 03 --virtual            on tokio's paused clock: at once, and exact
  cargo run --example 03_gather               runs it, and no more")]
pub struct Lesson {
    /// The chapter, by number or name; the current one if none is given.
    chapter: Option<String>,

    /// What you expect. Without it you are asked, if there is a terminal to ask on.
    #[arg(long, value_name = "ANSWER")]
    predict: Option<String>,

    /// Runs on the virtual clock.
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
            None if std::io::stdin().is_terminal() => ask(&out).await?,
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
        let run = lesson.command.stdin(Stdio::null()).status();
        let status = run.await.map_err(|source| Error::Start {
            program: chapter.slug.clone(),
            source,
        })?;
        if !status.success() {
            out.print(Text::kept(&format!("\nThe lesson ended early ({status}).")))?;
            return Ok(Exit::Failed);
        }
        let compared = lesson::compared(&chapter.prediction, given.as_deref());
        let mut text = Text::from("");
        text.add(Text::words(&compared));
        out.print(text)?;
        if let Some(given) = given {
            context.remember(|progress| {
                progress.chapter_mut(&chapter.slug).predicted = Some(given.clone());
            });
        }
        Ok(Exit::Passed)
    }
}

/// Reads one line; `None` if there is nothing on it.
async fn ask(out: &Output) -> Result<Option<String>, Error> {
    out.prompt()?;
    let line = console::lines_of_input().recv().await.unwrap_or_default();
    Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
}
