//! `workbook solution`: the reference solution, after one's own.

use clap::Parser;

use crate::{console::Output, context::Context, error::Error, exit::Exit, solution, text::Text};

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
        let text = solution::text(&context.course, &chapter)?;
        Output::open().print(Text::kept(&text))?;
        Ok(Exit::Passed)
    }
}
