//! `workbook solution`: the reference solution, after one's own.

use std::{fs, io::Write as _};

use clap::Parser;

use crate::{
    command::{Context, Error},
    course::Chapter,
    exit::Exit,
};

/// Shows the reference solution of a chapter that you have passed.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- solution 03              once chapter 03 is passed
  cargo run -- solution 03 --anyway     before")]
pub struct Solution {
    /// The chapter, by number or name; the current one if none is given.
    chapter: Option<String>,

    /// Shows it even though the chapter is not passed.
    #[arg(long)]
    anyway: bool,
}

impl Solution {
    /// Prints the solution, or why not.
    ///
    /// # Errors
    ///
    /// There is no such chapter, or its solution cannot be read.
    pub fn run(&self) -> Result<Exit, Error> {
        let context = Context::open_and_tell()?;
        let chapter = context.chapter(self.chapter.as_deref())?;
        if !self.anyway && !context.progress.passed(&chapter) {
            let number = chapter.number();
            anstream::eprintln!(
                "chapter {number} is not passed yet, and its solution tells most to those who have tried: \
                 `cargo run -- hint {number}` helps on the way, `cargo run -- solution {number} --anyway` shows it now"
            );
            return Ok(Exit::Failed);
        }
        write!(anstream::stdout(), "{}", text(&context, &chapter)?)?;
        Ok(Exit::Passed)
    }
}

/// The solution without its last lines, which only name the hidden tests, and where others stand.
///
/// # Errors
///
/// It cannot be read.
pub fn text(context: &Context, chapter: &Chapter) -> Result<String, Error> {
    let file = chapter.solution();
    let code =
        fs::read_to_string(context.course.root().join(&file)).map_err(|source| Error::File {
            what: "read",
            file: file.clone(),
            source,
        })?;
    let code = code
        .split("\n#[cfg(test)]\n#[path")
        .next()
        .unwrap_or_default();
    Ok(format!(
        "{}\n\n// From {}. Others that are as good stand in solutions/also/{}.\n",
        code.trim_end(),
        file.display(),
        chapter.slug
    ))
}
