//! `workbook solution`: the reference solution, after one's own.

use clap::Parser;

use crate::{console::Output, context::Context, error::Error, exit::Exit, solution, text::Text};

/// Shows the reference solution of a chapter that you have passed.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- solution 03              once you have passed chapter 03
  cargo run -- solution 03 --anyway     before that")]
pub struct Solution {
    /// The chapter, by number or name; the current one if you name none.
    chapter: Option<String>,

    /// Shows it even if you haven't passed the chapter.
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
                "you haven't passed chapter {number} yet, and you learn most from its solution once you have: \
                 `cargo run -- hint {number}` shows the next hint, `cargo run -- solution {number} --anyway` the solution"
            );
            return Ok(Exit::Failed);
        }
        let text = solution::text(&context.course, &chapter)?;
        Output::open().print(Text::kept(&text))?;
        Ok(Exit::Passed)
    }
}
