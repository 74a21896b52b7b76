//! `workbook reset`: a stub as it came, and the learner's version kept.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Parser;

use crate::{
    console::Output, context::Context, course::Chapter, error::Error, exit::Exit, kept::keep,
};

/// Restores the original exercise of a chapter, and keeps a copy of your version.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- reset 03      start exercises/03_gather.rs again")]
pub struct Reset {
    /// The chapter, by number or name.
    chapter: String,
}

impl Reset {
    /// Restores the file, and says where the learner's version is.
    ///
    /// # Errors
    ///
    /// There is no such chapter, or a file cannot be read or written; then the exercise is as it was.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let chapter = context.chapter(Some(&self.chapter))?;
        let shown = |file: &Path| file.display().to_string().replace('\\', "/");
        let stub = shown(&chapter.stub());
        let said = match restore(context.course.root(), &chapter)? {
            Restored::AsItCame => format!("{stub} is the original already."),
            Restored::Missing => format!("{stub} is back."),
            Restored::Kept(kept) => format!(
                "{stub} is the original again. Your version is in {}.",
                shown(&kept)
            ),
        };
        Output::open().print(said)?;
        context.remember(|progress| {
            for task in &chapter.tasks {
                progress.task_mut(&chapter.slug, &task.name).hints = 0;
            }
        });
        Ok(Exit::Passed)
    }
}

/// What was done.
#[derive(Debug, Eq, PartialEq)]
enum Restored {
    /// Nothing: it was as it came.
    AsItCame,
    /// There was no file to keep.
    Missing,
    /// The learner's version is here, from the root of the workbook.
    Kept(PathBuf),
}

fn restore(root: &Path, chapter: &Chapter) -> Result<Restored, Error> {
    let (stub, original) = (chapter.stub(), chapter.original());
    let failed = |what, file: &Path| {
        let file = file.to_owned();
        move |source| Error::File { what, file, source }
    };
    let as_it_came = fs::read(root.join(&original)).map_err(failed("read", &original))?;
    let restored = match fs::read(root.join(&stub)) {
        Ok(present) if present == as_it_came => return Ok(Restored::AsItCame),
        Ok(present) => {
            Restored::Kept(keep(root, &stub, &present).map_err(failed("write a copy of", &stub))?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Restored::Missing,
        Err(error) => return Err(failed("read", &stub)(error)),
    };
    // Only now that the learner's version is on the disk.
    fs::write(root.join(&stub), as_it_came).map_err(failed("write", &stub))?;
    Ok(restored)
}
