//! `workbook hint`: the next hint, and all before it.

use clap::Parser;

use crate::{
    console::Output,
    context::Context,
    course::{Chapter, Task},
    error::Error,
    exit::Exit,
    progress::{Status, open_task},
    report,
    text::Text,
};

/// Shows the next hint for a task: from a nudge to all but the code.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- hint                      for the first open task of the current chapter
  cargo run -- hint 03                   for chapter 03
  cargo run -- hint 03 --task dashboard  for this task
  cargo run -- hint 03 --again           the hints that you have seen already")]
pub struct Hint {
    /// The chapter, by number or name; the current one if you name none.
    chapter: Option<String>,

    /// The task; the first one that is not passed if you name none.
    #[arg(long)]
    task: Option<String>,

    /// Shows only the hints that you have seen already.
    #[arg(long)]
    again: bool,
}

impl Hint {
    /// Prints the hints, and remembers how many were shown.
    ///
    /// # Errors
    ///
    /// There is no such chapter or task, or progress cannot be written.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let chapter = context.chapter(self.chapter.as_deref())?;
        let statuses = context.statuses(&chapter);
        let task = match &self.task {
            Some(name) => named(&chapter, name)?,
            None => open_task(&chapter, &statuses),
        };
        let out = Output::open();
        let (number, name) = (chapter.number(), &task.name);
        let seen = context.progress.hints(&chapter.slug, name);
        if self.again {
            out.print(report::hints_text(task, seen))?;
            return Ok(Exit::Passed);
        }
        if status_of(&chapter, task, &statuses) == Some(Status::Passed) {
            let passed = match &self.task {
                Some(name) => format!("{name} is passed"),
                None => format!("Every task of {number} {} is passed", chapter.title),
            };
            out.print(Text::words(&format!("{passed}, so you don't need a hint.")))?;
            return Ok(Exit::Passed);
        }
        context.remember(|progress| progress.take_hint(&chapter, task));
        let shown = context.progress.hints(&chapter.slug, name);
        let mut text = report::hints_text(task, shown);
        if seen == task.hints.len() {
            text.add(Text::words(&format!(
                "There are no more hints. `cargo run -p book -- --open {number}` opens the page of the chapter, and `cargo run -- solution {number} --anyway` shows the solution."
            )));
        }
        out.print(text)?;
        Ok(Exit::Passed)
    }
}

fn status_of(chapter: &Chapter, task: &Task, statuses: &[Status]) -> Option<Status> {
    let at = chapter.tasks.iter().position(|other| other == task)?;
    statuses.get(at).copied()
}

fn named<'a>(chapter: &'a Chapter, name: &str) -> Result<&'a Task, Error> {
    let task = chapter.tasks.iter().find(|task| task.name == name);
    task.ok_or_else(|| Error::NoSuchTask {
        chapter: chapter.slug.clone(),
        task: name.to_owned(),
        known: chapter
            .tasks
            .iter()
            .map(|task| task.name.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    })
}
